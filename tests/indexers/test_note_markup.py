"""The markups that notes are kept in: each reads without its marks, and no line makes a reader slow."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

import pytest

from indexers import _enml, _html_note, _markdown, _org, _rst, notes
from indexers.item import Item


def one(path: Path, text: str) -> Item:
    path.write_text(text, encoding="utf-8")
    (found,) = notes.read(path)
    assert isinstance(found, Item)
    return found


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("see [[People/Ann Roe#Phone|Ann]], [[Ann Roe#Phone]], [[#Here]]", "see Ann, Ann Roe > Phone, Here"),
        ("![[Ann Roe]] ![[photo.png|200]]!", "Ann Roe !"),
        ("> [!warning]- Hot\n> The heap", "Hot\nThe heap"),
        ("> [!note]\n> The heap", "Note\nThe heap"),
        ("| a | b |\n|:--|---|\n| 1 | **2** |", "a | b\n1 | 2"),
        ("*a* __b__ ~~c~~ ==d== snake_case_name 2*3*4", "a b c d snake_case_name 2*3*4"),
        ("[map](https://example.org/a_b_c) [far](<my file.md>)", "map (https://example.org/a_b_c) far"),
        ("A line ^ab12\n%% mine %% <!-- theirs --> <u>x</u><br>y &amp; z", "A line\n mine   x\ny & z"),
        ("`*code*`\n\n```py\n**x** = [[1]]\n# no heading\n```", "*code*\n\n**x** = [[1]]\n# no heading"),
        ("a\n```dataview\nLIST FROM #x\n```\nb", "a\n\nb"),
        ("# One #\n## C#\n* x\n+ y\n- [ ] z", "One\nC#\n- x\n- y\n- [ ] z"),
        ("\\*not bold\\* [a][b] <https://example.org/_x_>", "*not bold* a https://example.org/_x_"),
    ],
)
def test_markdown_reads_without_its_marks(markdown: str, plain: str) -> None:
    assert _markdown.plain(markdown) == plain


def test_an_obsidian_note(tmp_path: Path) -> None:
    note = one(
        tmp_path / "Garden.md",
        '---\naliases: [Plot]\ntags:\n  - green/bed\nrelated: "[[Seeds]]"\ncreated: 2026-02-03\n---\n'
        "See [[Ann Roe|Ann]] ![[bed.png]] #soil\n",
    )
    assert note.title == "Garden"
    assert note.meta == {"tags": "green/bed soil", "aliases": "Plot"}
    assert note.links == ("[[Seeds]]", "[[Ann Roe]]", "[[bed.png]]")
    assert note.when == datetime(2026, 2, 3).astimezone()
    assert note.text == "See Ann  #soil"


def test_front_matter_in_toml(tmp_path: Path) -> None:
    note = one(tmp_path / "a.md", '+++\ntitle = "Garden"\ndate = 2026-02-03\ntags = ["green"]\n+++\nWords\n')
    assert (note.title, note.meta["tags"], note.text) == ("Garden", "green", "Words")
    assert note.when == datetime(2026, 2, 3).astimezone()


@pytest.mark.parametrize("name", ["2026-05-31", "2026_05_31", "2026-05-31 Garden"])
def test_a_daily_note_is_of_its_day(tmp_path: Path, name: str) -> None:
    assert one(tmp_path / f"{name}.md", "Words").when == datetime(2026, 5, 31).astimezone()
    assert one(tmp_path / "2026-99-99.md", "Words").when is not None


def test_notions_ids_are_not_in_titles(tmp_path: Path) -> None:
    assert one(tmp_path / f"Garden plan {'1a' * 16}.md", "words").title == "Garden plan"


def test_org(tmp_path: Path) -> None:
    note = one(
        tmp_path / "a.org",
        "#+TITLE: Garden\n#+FILETAGS: :home:\n#+DATE: <2026-02-03 Tue 10:15>\n#+AUTHOR: Ann Roe\n"
        "* TODO [#A] Prune the *quince*   :tree:fruit:\n:PROPERTIES:\n:ID: x-1\n:END:\n"
        "SCHEDULED: <2026-03-04 Wed 10:00-11:30 +1y>\nSee [[https://example.org][the site]] "
        "and [[file:b.org]]\n"
        "#+BEGIN_SRC sh\n*verbatim*\n#+END_SRC\n:LOGBOOK:\n- State\n:END:\n** Soil\n# a comment\n/light/\n",
    )
    assert note.title == "Garden"
    assert note.meta == {"tags": "home tree fruit", "id": "x-1"}
    assert note.when == datetime(2026, 2, 3, 10, 15).astimezone()
    assert str(note.people[0]) == "Ann Roe"
    assert note.links == ("https://example.org", (tmp_path / "b.org").as_uri())
    assert note.text.splitlines() == [
        "TODO: Prune the quince",
        "SCHEDULED: 2026-03-04 10:00–11:30",
        "See the site (https://example.org) and b.org",
        "*verbatim*",
        "",
        "Soil",
        "light",
    ]


def test_restructured_text(tmp_path: Path) -> None:
    note = one(
        tmp_path / "a.rst",
        "======\nGarden\n======\n\n:date: 2026-02-03\n:tags: green, home\n\n.. _top: https://example.org/top\n\n"
        "Prune the **quince**, see `the site <https://example.org>`_ and :doc:`seeds`::\n\n"
        ".. note:: in March\n\n.. code-block:: sh\n   :linenos:\n\n   ls\n\n.. a comment\n",
    )
    assert (note.title, note.meta["tags"]) == ("Garden", "green home")
    assert note.when == datetime(2026, 2, 3).astimezone()
    assert note.links == ("https://example.org/top", "https://example.org")
    assert "Prune the quince, see the site (https://example.org) and seeds:" in note.text
    assert "Note: in March" in note.text
    assert not {"..", "::", "linenos", "comment"} & set(note.text.split())


def test_a_page(tmp_path: Path) -> None:
    note = one(
        tmp_path / "a.html",
        '<html><head><title>Garden &amp; co</title><meta name="keywords" content="green, home">'
        '<meta name="created" content="2026-02-03T10:15:00+01:00"></head><body><h1>Garden &amp; co</h1>'
        '<ul><li><div>quince</div></li></ul><a href="seeds.html#x">seeds</a><script>no()</script></body>',
    )
    assert (note.title, note.meta["tags"]) == ("Garden & co", "green home")
    assert note.when == datetime.fromisoformat("2026-02-03T10:15:00+01:00")
    assert note.links == ((tmp_path / "seeds.html").as_uri(),)
    assert note.text.split() == ["-", "quince", "seeds"]


_LINES = (
    "**a __a _a ==a ~~a `a $a [[ [a]( [[a| [[a# ![[a [a][ ]: <!-- <a <br <meta <h1> <title> %% &a & \\ |- |a "
    "~~~~a :a:` `a :a .._a <2024-01-01 [2024-01-01 [[a][b *a /a a_ <en-todo <en-crypt <li <div/> ^a #a a::"
).split()


@pytest.mark.parametrize("joint", ["", " ", "\n"])
def test_no_line_makes_a_reader_slow(joint: str) -> None:
    """Each mark thousands of times, opened and never closed; a guard against hangs, not a measurement."""
    for mark in (
        *_LINES,
        "> " * 50 + "[!",
        "# a" + " " * 5_000,
        "```\n",
        "%%a:settings",
        "- " * 200,
        "* a :t:a",
    ):
        text = (mark + joint) * (30_000 // len(mark + joint))
        for read in (_markdown.read, _org.read, _rst.read, _html_note.read, _enml.text_of):
            began = time.process_time()
            read(text)
            assert time.process_time() - began < 1.0, (mark, joint, read.__module__)
