"""Forget: what is forgotten stands in no decrypted page of any file, and does not come back."""

from __future__ import annotations

import mailbox
import random
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pytest

from app.core.errors import NotFound, UsageFault
from app.core.types import Citation, Scope, Turn
from app.flows import files, forget, index
from app.flows.context import Home
from app.store import forget as store_forget
from app.store.user import snapshot
from indexers.item import Item, Person, Unit
from tests.flows.mails import mail
from tests.store.pages import holding

SECRET = "zanzibarian"
SENTENCE = f"The {SECRET} orchard behind the old mill was sold in April to the neighbours"
EVE = Person("Eve Secretive", "eve@example.org", "from")
URI = "mid:7@example.org"


def _words(random_: random.Random, n: int) -> str:
    return " ".join("".join(random_.choices("abcdefghijklmnop", k=6)) for _ in range(n))


def _fill(home: Home, folder: Path, *, secret: int = 7, mails: int = 300) -> None:
    """Many mails, one of them Eve's; vectors; a conversation, a correction and a snapshot of her words."""
    r = random.Random(3)
    folder.mkdir()
    source = home.index.add_source(kind="mail", path=folder)
    items: list[Item] = [mail(n, _words(r, r.choice([10, 60, 900]))) for n in range(mails)]
    text = f"{_words(r, 200)}\n{SENTENCE}. {_words(r, 200)}"
    items[secret] = mail(secret, text, title=f"About the {SECRET}", people=(EVE,))
    items.append(mail(secret, f"Deed of the {SECRET}", uri=f"{URI}#1", kind="attachment", people=()))
    for n in range(0, len(items), 40):
        home.index.put(source.id, Unit(path=str(folder / f"box{n}"), stamp="1"), items[n : n + 40], [])
    while pending := home.vectors.pending():
        ids = [id for id, _ in pending]
        home.vectors.add(
            ids, np.random.default_rng(1).normal(size=(len(ids), 64)).astype(np.float32), model="m"
        )
    home.vectors.load()
    _talk(home)
    assert snapshot(home.paths, home.user) is not None


def _talk(home: Home) -> None:
    id = home.conversations.create("The orchard")
    cited = Citation(n=1, uri=URI, start=3, end=40, title=f"About the {SECRET}", quote=SENTENCE)
    home.conversations.add_turn(id, Turn(role="user", text="Who bought it?", when=home.now()))
    home.conversations.add_turn(
        id, Turn(role="assistant", text=f"{SENTENCE} [1].", when=home.now(), citations=(cited,))
    )
    home.corrections.add(task="draft", fields={"mail": f"Hi\n{SENTENCE}."}, said="a", accepted="b")
    home.corrections.add(task="summarize", fields={"text": "other"}, said="c", accepted="d")


def _found(home: Home) -> dict[str, int]:
    """Where decrypted pages hold the word, in the open files with their logs and in the snapshots."""
    key = home.user.db._key
    files = (home.paths.index_db, home.paths.user_db, *home.paths.snapshots.glob("user-*.db"))
    return {path.name: n for path in files if (n := holding(path, key, SECRET))}


def test_an_item_is_gone_from_every_page(mine: Home, tmp_path: Path) -> None:
    _fill(mine, tmp_path / "mail")
    assert len(_found(mine)) == 3  # control: the scan finds it in both files and the snapshot
    before = mine.vectors.load()
    done = forget.forget(mine, kind="item", value=URI)
    assert (done.items, done.turns, done.corrections, done.snapshots, done.left) == (2, 1, 1, 1, ())
    assert _found(mine) == {}
    assert mine.vectors.load() == mine.index.counts().passages < before
    with pytest.raises(NotFound):
        mine.index.item(URI)
    question, answer = mine.conversations.turns(1)
    assert question.text == "Who bought it?"
    assert "was forgotten" in answer.text
    assert [(c.n, c.uri, c.title, c.quote) for c in answer.citations] == [(1, URI, "forgotten", "")]
    assert [c.task for c in mine.corrections.list()] == ["summarize"]
    assert mine.journal.verify() == ""


def test_without_overwriting_words_stay_in_pages(mine: Home, tmp_path: Path) -> None:
    """The control of the safeguard ``secure_delete``: the scan finds what a plain deletion leaves."""
    for statement in ("PRAGMA secure_delete=0", "INSERT INTO fts (fts, rank) VALUES ('secure-delete', 0)"):
        mine.index.db._writer.conn.execute(statement).fetchone()
    _fill(mine, tmp_path / "mail")
    forget.forget(mine, kind="item", value=URI)
    assert _found(mine).keys() == {"index.db"}


def test_a_sender_of_many_mails_leaves_no_word(mine: Home, tmp_path: Path) -> None:
    source = mine.index.add_source(kind="mail", path=tmp_path)
    for n in range(0, 200, 50):
        secrets = [" ".join(f"{SECRET}{m:03}{k:02}" for k in range(20)) for m in range(n, n + 50)]
        mails = [mail(n + at, text, people=(EVE,)) for at, text in enumerate(secrets)]
        mails += [mail(m, " ".join(f"{m}{k}" for k in range(20))) for m in range(1000 + n, 1050 + n)]
        mine.index.put(source.id, Unit(path=str(tmp_path / f"b{n}"), stamp="1"), mails, [])
    assert forget.forget(mine, kind="sender", value=EVE.address).items == 200
    assert _found(mine) == {}


def test_a_sender_is_not_read_again_until_allowed(mine: Home, tmp_path: Path) -> None:
    box = mailbox.mbox(tmp_path / "in.mbox")
    for n, sender in enumerate(["Eve <eve@secret.example>", "ana@example.org", "EVE@secret.example"]):
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, "me@example.org", f"Letter {n}"
        message["Message-ID"], message["Date"] = f"<{n}@x>", "Mon, 2 Mar 2026 10:00:00 +0000"
        message.set_content(f"This is letter number {n}.")
        message.add_attachment(f"attached {n}", filename=f"{n}.txt")
        box.add(message)
    box.close()
    index.add_source(mine, kind="mail", path=str(tmp_path / "in.mbox"))
    _read(mine)
    assert mine.index.counts().items == 6
    assert forget.forget(mine, kind="sender", value="Eve <Eve@Secret.example>").items == 4
    assert [(e.kind, e.value) for e in forget.exclusions(mine)] == [("sender", "eve@secret.example")]
    mine.index.reread()
    _read(mine)
    assert {
        hit.uri.partition("#")[0] for hit in mine.searcher.search("letter number attached", scope=Scope())
    } == {"mid:1@x"}
    forget.again(mine, kind="sender", value="eve@secret.example")
    _read(mine)
    assert mine.index.counts().items == 6


def test_a_part_of_a_file_stays_forgotten_when_the_file_moves(mine: Home, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.mkdir()
    one = "<note><title>{0}</title><content><![CDATA[<en-note>walrus {0}</en-note>]]></content></note>"
    (notes / "a.enex").write_text(f"<en-export>{one.format('one')}{one.format('two')}</en-export>")
    index.add_source(mine, kind="notes", path=str(notes))
    list(index.index(mine, words=True))
    (uri,) = [hit.uri for hit in mine.searcher.search("walrus") if hit.title == "one"]
    forget.forget(mine, kind="item", value=uri)
    for name in ("b.enex", "c.enex"):
        next(notes.iterdir()).rename(notes / name)
        list(index.index(mine, words=True))
        assert [hit.title for hit in mine.searcher.search("walrus")] == ["two"]
        assert [each.value for each in forget.exclusions(mine)] == [uri.replace("a.enex", name)]


def test_of_a_list_that_wrote_for_many_not_even_its_address_stays(mine: Home, tmp_path: Path) -> None:
    folder = tmp_path / "lists"
    folder.mkdir()
    head = "From: {0} <everyone@lists.example.org>\nMessage-ID: <{0}@x>\nSubject: Mail\n\nWords of {0}.\n"
    for name in ("Ann", "Bob", "Cid", "Dan", "Eve"):
        (folder / f"{name}.eml").write_text(head.format(name))
    index.add_source(mine, kind="mail", path=str(folder))
    list(index.index(mine, words=True))
    assert mine.index.db.tuples("SELECT * FROM shared_addresses") == [("everyone@lists.example.org",)]
    forget.forget(mine, kind="sender", value="everyone@lists.example.org")
    for table in ("people", "identities", "shared_addresses", "stale_identities"):
        assert mine.index.db.tuples(f"SELECT * FROM {table}") == [], table


def test_a_folder_of_a_source_and_a_whole_source(mine: Home, tmp_path: Path) -> None:
    for name in ("keep/a.md", "drop/b.md", "drop/deep/c.md", "dropped.md"):
        path = tmp_path / "notes" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"# {name}\nA note about {name} and its herons.\n")
    index.add_source(mine, kind="notes", path=str(tmp_path / "notes"))
    _read(mine)
    assert forget.forget(mine, kind="path", value=str(tmp_path / "notes" / "drop")).items == 2
    mine.index.reread()
    _read(mine)
    assert mine.index.counts().items == 2
    with pytest.raises(UsageFault, match="nothing is read from there"):
        forget.forget(mine, kind="path", value=str(tmp_path / "elsewhere"))
    forget.again(mine, kind="path", value=str(tmp_path / "notes" / "drop"))
    _read(mine)
    assert mine.index.counts().items == 4
    assert forget.forget(mine, kind="path", value=str(tmp_path / "notes")).items == 4
    assert mine.index.sources() == ()
    assert holding(mine.paths.index_db, mine.index.db._key, "herons") == 0


def test_what_was_cut_short_is_finished(mine: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _fill(mine, tmp_path / "mail")

    def power_cut(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as during, pytest.raises(KeyboardInterrupt):
        during.setattr(store_forget, "from_index", power_cut)
        forget.forget(mine, kind="item", value=URI)
    assert _found(mine).keys() == {"index.db"}
    assert forget.resume(mine) == 1
    assert _found(mine) == {}
    assert forget.resume(mine) == 0


def test_what_is_unknown_is_said(mine: Home) -> None:
    with pytest.raises(NotFound, match="no such item"):
        forget.forget(mine, kind="item", value="mid:nothing@example.org")
    for kind, value in (("sender", "nobody"), ("sender", ""), ("kind", "x")):
        with pytest.raises(UsageFault):
            forget.forget(mine, kind=kind, value=value)
    with pytest.raises(NotFound, match="not excluded"):
        forget.again(mine, kind="sender", value="ana@example.org")
    assert forget.exclusions(mine) == ()


def _read(home: Home) -> None:
    """The words only: vectors have tests of their own, and a model takes seconds to start."""
    counts = index._Counts()
    for source in home.index.sources():
        list(files.sync(home, source, counts, index._keep))
