"""Rebuild the mails, photos and questions of ``resources/demo``; notes and calendars are their own source."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import letters

HERE = Path(__file__).parent
DEMO = HERE.parents[1] / "resources" / "demo"
MAILDIR_FROM = "2026-09-01"  # what is older went into the archive
UNREAD_FROM = "2026-11-16"  # what nobody has opened yet lies in new/


def build_mail(out: Path) -> None:
    """The archive as mboxrd, what came later as a Maildir; no mail is in both."""
    folder = out / "mail"
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("cur", "new", "tmp"):
        (folder / "Maildir" / name).mkdir(parents=True)
    (folder / "Maildir" / "tmp" / ".gitkeep").touch()
    with (folder / "archive.mbox").open("wb") as archive:
        for letter in letters.read_letters():
            data = letters.message(letter).as_bytes()
            if f"{letter.when:%Y-%m-%d}" < MAILDIR_FROM:
                archive.write(mboxrd(letter, data))
            else:
                part = "new" if f"{letter.when:%Y-%m-%d}" >= UNREAD_FROM and not letter.mine else "cur"
                (folder / "Maildir" / part / maildir_name(letter)).write_bytes(data)


def mboxrd(letter: letters.Letter, data: bytes) -> bytes:
    """One entry of an mbox file: every line that reads ``From `` after any ``>`` gets one ``>`` more."""
    lines = [b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in data.split(b"\n")]
    head = f"From {letter.sender.address} {letter.when:%a %b %d %H:%M:%S %Y}\n".encode()
    return head + b"\n".join(lines).rstrip(b"\n") + b"\n\n"


def maildir_name(letter: letters.Letter) -> str:
    """Without the usual ``:2,S`` ending: a colon cannot be checked out on Windows."""
    return f"{int(letter.when.timestamp())}.{letter.message_id.partition('@')[0].partition('.')[2]}.lisboa"


def build_questions(out: Path) -> None:
    """``questions.txt`` as JSON lines, the names of letters replaced by their uris."""
    mails = {letter.name: f"mid:{letter.message_id}" for letter in letters.read_letters()}
    rows: list[dict[str, object]] = []
    for block in (HERE / "questions.txt").read_text("utf-8").strip().split("\n\n"):
        if block.startswith("#"):
            continue
        question, kind, gold, answer = block.split("\n")
        rows.append(
            {
                "id": f"q{len(rows) + 1:03d}",
                "question": question,
                "gold": [gold_uri(name.strip(), mails) for name in gold.split(" + ") if name.strip() != "-"],
                "answer": answer,
                "type": kind,
            }
        )
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (out / "questions.jsonl").write_text(text, "utf-8")


def gold_uri(name: str, mails: dict[str, str]) -> str:
    kind, _, rest = name.partition(":")
    if kind == "mail":
        letter, hash_sign, part = rest.partition("#")
        return mails[letter] + hash_sign + part
    if kind not in ("event", "demo"):
        raise ValueError(f"unknown kind of gold item: {name}")
    return name


def build_photos(out: Path) -> None:
    import photos  # here, since only this step needs the fonts

    photos.build(out / "photos")


STEPS: dict[str, Callable[[Path], None]] = {
    "mail": build_mail,
    "questions": build_questions,
    "photos": build_photos,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=DEMO, help="default: resources/demo")
    parser.add_argument("steps", nargs="*", help=f"what to build, default all: {', '.join(STEPS)}")
    arguments = parser.parse_args()
    if unknown := set(arguments.steps) - set(STEPS):
        parser.error(f"no such step: {', '.join(sorted(unknown))}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name in arguments.steps or STEPS:
        STEPS[name](arguments.out)


if __name__ == "__main__":
    main()
