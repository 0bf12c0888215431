"""Pictures of words attached to mails: recognised in the background, and found with the mail they came in."""

from __future__ import annotations

import io
import mailbox
import random
import re
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

from app.core.types import Scope, Skipped
from app.flows import index, search, seeing
from app.flows.context import Home
from indexers import _attached, mail
from indexers.item import Item


def picture(words: str, form: str = "PNG") -> bytes:
    image = Image.frombytes("L", (640, 240), random.Random(1).randbytes(640 * 240)).convert("RGB")
    image.paste("white", (12, 12, 628, 228))
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(44)
    for n, line in enumerate(words.split("\n")):
        draw.text((40, 40 + 80 * n), line, font=font, fill="black")
    file = io.BytesIO()
    image.save(file, form)
    return file.getvalue()


def scan(*pages: str) -> bytes:
    """A PDF of pages that are pictures."""
    images = [Image.open(io.BytesIO(picture(page))) for page in pages]
    file = io.BytesIO()
    images[0].save(file, "PDF", save_all=True, append_images=images[1:])
    return file.getvalue()


def letter(number: int, *files: tuple[str, str, bytes], **headers: str) -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"] = "Landlord <landlord@example.org>", "vera@example.org"
    made["Subject"], made["Message-ID"] = f"Letter {number}", f"<letter-{number}@example.org>"
    made["Date"] = f"Mon, 2 Mar 2026 1{number}:00:00 +0000"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content("See what is attached.\nFrom the landlord\n")
    for name, kind, data in files:
        main, _, sub = kind.partition("/")
        made.add_attachment(data, maintype=main, subtype=sub, filename=name)
    return made


def post(path: Path, *letters: EmailMessage) -> None:
    box = mailbox.mbox(path)
    for one in letters:
        box.add(one)
    box.close()


def wanting(home: Home) -> set[str]:
    return {uri for uri, _ in home.index.wanting_ocr()}


def test_what_is_attached_is_read_and_names_its_mail(mine: Home, tmp_path: Path) -> None:
    heron, willow = picture("Heron Street 12\nTotal 480.00 EUR"), scan("Willow Lane 7", "Copper kettle")
    post(
        tmp_path / "box",
        letter(1),
        letter(2, ("rent.png", "image/png", heron), ("scan.pdf", "application/pdf", willow)),
        letter(3, ("again.png", "application/octet-stream", heron)),
    )
    index.add_source(mine, kind="mail", path=str(tmp_path / "box"))
    list(index.index(mine, words=True))
    uris = {f"mid:letter-{n}@example.org#{m}" for n, m in ((2, 1), (2, 2), (3, 1))}
    assert wanting(mine) == uris
    assert not [one for one in seeing.see(mine) if one]
    assert wanting(mine) == set()
    assert "Total 480.00 EUR" in mine.index.item("mid:letter-2@example.org#1").text
    assert (
        mine.index.item("mid:letter-3@example.org#1").text
        == mine.index.item("mid:letter-2@example.org#1").text
    )
    first, second = mine.index.item("mid:letter-2@example.org#2").text.split("\f")
    assert ("Willow Lane 7" in first, "Copper kettle" in second) == (True, True)
    (hit, *_) = search.search(mine, query="copper kettle", scope=Scope())
    assert (hit.uri, hit.kind, hit.title, hit.page) == (
        "mid:letter-2@example.org#2",
        "attachment",
        "scan.pdf",
        2,
    )
    assert hit.within == "Letter 2"
    assert mine.index.item(hit.uri).links == ("mid:letter-2@example.org",)
    box = tmp_path / "box"
    box.write_bytes(box.read_bytes().replace(b"See what is attached", b"See what I have attached"))
    list(index.index(mine, words=True))
    assert wanting(mine) == set(), "the same bytes are not looked at again"
    assert "Copper kettle" in mine.index.item("mid:letter-2@example.org#2").text


def test_what_changed_before_it_was_looked_at_is_tried_again(mine: Home, tmp_path: Path) -> None:
    box = tmp_path / "box"
    one = letter(2, ("rent.png", "image/png", picture("Heron Street 12")))
    post(box, letter(1), one)
    index.add_source(mine, kind="mail", path=str(box))
    list(index.index(mine, words=True))
    box.unlink()
    post(box, one)  # elsewhere in the file now
    told = [bad for bad in seeing.see(mine) if isinstance(bad, Skipped)]
    assert [bad.uri for bad in told] == ["mid:letter-2@example.org#1"]
    list(index.index(mine, words=True))
    assert not [bad for bad in seeing.see(mine) if bad]
    assert "Heron Street 12" in mine.index.item("mid:letter-2@example.org#1").text


def test_one_whose_mail_is_forgotten_is_not_asked_for_without_end(mine: Home, tmp_path: Path) -> None:
    post(tmp_path / "box", letter(2, ("rent.png", "image/png", picture("Heron Street 12"))))
    index.add_source(mine, kind="mail", path=str(tmp_path / "box"))
    list(index.index(mine, words=True))
    with mine.index.db.write() as db:
        db.execute("UPDATE items SET uri = 'mid:other@example.org' WHERE kind = 'mail'")
    assert [one.uri for one in seeing.see(mine) if one] == ["mid:letter-2@example.org#1"]
    assert wanting(mine) == set()


def test_decoration_is_not_looked_at(tmp_path: Path) -> None:
    good = picture("words")
    post(
        tmp_path / "box",
        letter(1, ("logo.png", "image/png", good[:900])),
        letter(
            2,
            ("banner.png", "image/png", good),
            List_Unsubscribe="<mailto:no@example.org>",
            Precedence="bulk",
        ),
        letter(3, ("song.mp3", "audio/mpeg", good), ("a.bin", "application/octet-stream", good)),
        letter(4, *((f"{n}.png", "image/png", good) for n in range(30))),
    )
    found = [one for one in mail.read(tmp_path / "box") if isinstance(one, Item) and one.meta.get("ocr")]
    assert [one.uri for one in found] == [
        f"mid:letter-4@example.org#{n}" for n in range(1, _attached.MOST + 1)
    ]


@pytest.mark.parametrize("name", ["box", "one.eml", "7.emlx"])
def test_its_bytes_are_found_again_in_every_form(tmp_path: Path, name: str) -> None:
    path, one = tmp_path / name, letter(2, ("rent.png", "image/png", picture("Heron Street 12")))
    if name == "box":
        post(path, letter(1), one)
    else:
        data = one.as_bytes()
        path.write_bytes(data if name == "one.eml" else b"%d\n%b<plist/>" % (len(data), data))
    items = {item.uri: item for item in mail.read(path) if isinstance(item, Item)}
    meta = items["mid:letter-2@example.org"].meta
    where = {"offset": int(meta["offset"]), "size": int(meta["size"])}
    assert _attached.again(path, **where, number=1) == picture("Heron Street 12")
    with pytest.raises(_attached.Unreadable, match="changed"):
        _attached.again(path, **where, number=2)
    assert re.fullmatch("[0-9a-f]{64}", items["mid:letter-2@example.org#1"].meta["content"])
