"""What an exclusion covers, also with paths of Windows: backslashes, drives, capital letters or not."""

from __future__ import annotations

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest

from app.store.exclusions import Excluded, checked, file_of, matches, within

WINDOWS, POSIX = PureWindowsPath, PurePosixPath


@pytest.mark.parametrize(
    ("flavour", "pattern", "path", "covered"),
    [
        (WINDOWS, "drafts", r"C:\Users\Ana\Drafts\a.md", True),
        (WINDOWS, "drafts/old", r"C:\Users\Ana\drafts\OLD\a.md", True),
        (WINDOWS, r"drafts\old", r"C:\Users\Ana\drafts\old\a.md", True),
        (WINDOWS, "*.LOG", r"D:\x\today.log", True),
        (WINDOWS, "*.log", r"D:\x.log\today.txt", True),
        (WINDOWS, "c:/users/*/temp", r"C:\Users\Ana\Temp\a", True),
        (WINDOWS, r"c:\users\ana", r"\\?\C:\Users\Ana\a.md", True),
        (WINDOWS, "server/share", r"\\Server\Share\a.md", True),
        (WINDOWS, "d:", r"C:\d\a.md", False),
        (WINDOWS, "old", r"C:\Users\Ana\older\a.md", False),
        (WINDOWS, "Ana/old", r"C:\Users\Ana\x\old\a.md", False),
        (POSIX, "drafts", "/home/ana/Drafts/a.md", False),
        (POSIX, "drafts", "/home/ana/drafts/a.md", True),
        (POSIX, r"a\b", "/home/a/b", False),
        (POSIX, r"a\b", r"/home/a\b", True),
        (POSIX, "ana/*.md", "/home/ana/a.md", True),
    ],
)
def test_patterns(flavour: type[PurePath], pattern: str, path: str, covered: bool) -> None:
    assert matches(pattern, path, flavour=flavour) is covered
    assert Excluded(patterns=(pattern,), flavour=flavour).covers_path(path) is covered


@pytest.mark.parametrize(
    ("flavour", "place", "path", "covered"),
    [
        (WINDOWS, r"C:\Users\Ana\Notes", r"c:\users\ana\notes\a.md", True),
        (WINDOWS, "C:/Users/Ana/Notes/", r"C:\Users\Ana\Notes\deep\a.md", True),
        (WINDOWS, r"C:\Users\Ana\Notes", r"C:\Users\Ana\Notes", True),
        (WINDOWS, r"C:\Users\Ana\Notes", r"C:\Users\Ana\Notes2\a.md", False),
        (WINDOWS, r"C:\Users\Ana\Notes", r"D:\Users\Ana\Notes\a.md", False),
        (WINDOWS, r"\\server\share\notes", r"\\SERVER\share\notes\a.md", True),
        (POSIX, "/home/ana/notes", "/home/ana/notes/a.md", True),
        (POSIX, "/home/ana/notes", "/home/ana/Notes/a.md", False),
        (POSIX, "/home/ana/notes", "/home/ana/notes2/a.md", False),
        (POSIX, "/", "/home/a.md", True),
    ],
)
def test_folders(flavour: type[PurePath], place: str, path: str, covered: bool) -> None:
    assert within(place, path, flavour=flavour) is covered
    assert Excluded(paths=frozenset((flavour(place),)), flavour=flavour).covers_path(path) is covered


@pytest.mark.parametrize(
    ("flavour", "path"),
    [
        (WINDOWS, r"C:\Users\Änne\a #1.md"),
        (WINDOWS, r"\\server\share\a b.md"),
        (POSIX, "/home/änne/a #1?.md"),
    ],
)
def test_a_files_uri_and_that_of_a_part_of_it(flavour: type[PurePath], path: str) -> None:
    for part in ("", "#note", "#note#part"):
        assert flavour(file_of(flavour(path).as_uri() + part, flavour=flavour)) == flavour(path)
    excluded = Excluded(paths=frozenset((flavour(path).parent,)), flavour=flavour)
    assert excluded.covers_uri(flavour(path).as_uri() + "#note")
    assert not excluded.covers_uri("mid:a@example.org")


def test_this_computers_own_flavour_is_what_counts() -> None:
    assert matches("Drafts", str(PurePath("/home/Drafts/a.md")))
    assert not Excluded(patterns=("drafts",), flavour=POSIX).covers_path("/home/Drafts/a.md")
    assert Excluded(patterns=("drafts",), flavour=WINDOWS).covers_path("/home/Drafts/a.md")


@pytest.mark.parametrize("value", ["*", "/", "?/*", "\\", r"*\*", "..", " "])
def test_a_pattern_that_covers_everything(value: str) -> None:
    with pytest.raises(Exception, match=r"covers everything|cannot be forgotten"):
        checked("pattern", value)
