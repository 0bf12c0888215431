"""Rewrite: the same text corrected, shorter, friendlier or more formal.

A small model keeps to a few sentences better than to a page, so it gets a text piece by piece;
lines, blank lines and the order stay as they are. A piece that comes back without one of its names
or numbers, with one it did not have, or as another text altogether stays as the person wrote it,
and is told of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher

from app.core.errors import UsageFault
from app.core.types import Text, Thinking, Token
from app.flows import grounding
from app.flows.context import Home
from app.flows.wear import quietly

PROOFREAD, SHORTER, FRIENDLIER, FORMAL = "proofread", "shorter", "friendlier", "formal"
STYLES = {
    PROOFREAD: "free of spelling and grammar mistakes",
    SHORTER: "shorter",
    FRIENDLIER: "friendlier",
    FORMAL: "more formal",
}
PIECE_CHARS = {PROOFREAD: 160}  # as the adapter was trained; other styles see more of a text at once
OTHER_CHARS = 420
FEW_WORDS = {PROOFREAD: 3}  # a greeting, a name, a heading: what has less than this stays
OTHER_WORDS = 4
WRAPPED = 55  # a line at least this long that ends amid a sentence goes on in the next
ALIKE = 0.72  # share of its characters that a corrected piece keeps
SAME_WORD = 0.7  # a name this alike is the same one with its spelling put right
KEPT = {SHORTER: 0.0, FRIENDLIER: 0.5, FORMAL: 0.3}  # of the content words
OWN = {SHORTER: 0.75, FRIENDLIER: 0.25, FORMAL: 0.25}  # of the new text's, the share that was there
LEAST_WORDS = 0.12  # of a text that is made shorter

_BREAK = re.compile(
    r"(?<=[.!?…])(?<!\b\w\.)(?<!\b(?:Mr|Ms|Dr|St|No|vs|ca)\.)(?<!\b(?:Mrs|bzw)\.)(?<!\d\.)(\s+)(?=\S)"
)
_TEXT = re.compile(r"[^\W\d_]{2}")
_COURTESY = frozenset(
    """dear please thank thanks hello hi could would bitte danke dank liebe lieber grüße sie ihnen ihr ihre
    ihrem ihren ihrer verständnis unterschrift mühe hilfe geduld antwort bonjour merci madame monsieur hola
    gracias muchas señor señora mr mrs ms best regards sincerely""".split()
)


def rewrite(home: Home, *, text: str, style: str) -> Iterator[Thinking | Token | Text]:
    """Raises UsageFault for an unknown style or an empty text."""
    if style not in STYLES:
        raise UsageFault(f"no such style: {style}", remedy=f"one of: {', '.join(STYLES)}")
    if not text.strip():
        raise UsageFault("there is no text to rewrite", remedy="give a file or a selection")
    parts, done, tokens = pieces(text, style), "", 0
    kept: list[str] = []
    for n, part in enumerate(parts, 1):
        yield Thinking(done=n - 1, total=len(parts))
        new = part
        if to_rewrite(part, style):
            end = yield from quietly(home, "rewrite", {"text": part, "style": STYLES[style]})
            tokens += end.tokens
            new = faithful(part, end.text, style)
            if new == part and not _same(part, end.text):
                kept.append(part.strip())
        yield Token(text=new)
        done += new
    yield Text(text=done.strip(), tokens=tokens, kept=tuple(kept))


def pieces(text: str, style: str) -> list[str]:
    """Sentences of one line and the white space between them; joined they are the text, unwrapped."""
    most = PIECE_CHARS.get(style, OTHER_CHARS)
    found: list[str] = []
    for line in re.split(r"(\s*\n\s*)", _unwrapped(text)):
        room = 0
        for bit in _BREAK.split(line):
            if not bit:
                continue
            if room > 0 and len(bit) <= room:
                found[-1] += bit
                room -= len(bit)
            else:
                found.append(bit)
                room = most - len(bit) if bit.strip() else 0
    return [part for each in found for part in re.split(r"(\s+$)", each) if part]


def to_rewrite(piece: str, style: str) -> bool:
    """Whether it is text at all, and enough of it."""
    if not _TEXT.search(piece) or piece.lstrip().startswith((">", "http://", "https://")):
        return False
    return len(piece.split()) >= FEW_WORDS.get(style, OTHER_WORDS)


def faithful(old: str, new: str, style: str) -> str:
    """``new``, or ``old`` where the two do not say the same."""
    new = " ".join(new.split())
    if not new or grounding.figures(new) != grounding.figures(old) or not _same_names(old, new):
        return old
    if style == PROOFREAD:
        alike = SequenceMatcher(None, old.lower(), new.lower(), autojunk=False).ratio()
        return new if alike >= ALIKE else old
    before, after = grounding.content_words(old), grounding.content_words(new)
    shared = len(before & after)
    right = shared >= KEPT[style] * len(before) and shared >= OWN[style] * len(after)
    return new if right and _length(old, new, style) else old


def _same(old: str, new: str) -> bool:
    """But for white space."""
    return old.split() == new.split()


def _length(old: str, new: str, style: str) -> bool:
    before, after = len(old.split()), len(new.split())
    if style == SHORTER:
        return LEAST_WORDS * before <= after and len(new) < len(old)
    return 0.5 * before <= after <= 2 * before + 20


def _same_names(old: str, new: str) -> bool:
    """Every name of the old text is in the new one, perhaps put right, and no other is."""
    before, after = _words(old), _words(new)
    lost = [name for name in named(old) if not _among(name, after)]
    added = [name for name in named(new) if not _among(name, before)]
    return not lost and not added


def named(text: str) -> set[str]:
    """The names in ``text``: capitalised words inside sentences, but for words of courtesy."""
    return grounding.names(text) - _COURTESY_STEMS


def _words(text: str) -> set[str]:
    return {grounding.stem(word) for word in re.findall(r"\w+", text)}


_COURTESY_STEMS = frozenset(map(grounding.stem, _COURTESY))


def _among(name: str, words: set[str]) -> bool:
    """Also as an abbreviation (wed, Wednesday) or with another spelling."""
    if name in words:
        return True
    return any(
        (len(word) > 2 and (name.startswith(word) or word.startswith(name)))
        or SequenceMatcher(None, name, word, autojunk=False).ratio() >= SAME_WORD
        for word in words
    )


def _unwrapped(text: str) -> str:
    """Lines that a mail program broke are one again."""
    return re.sub(rf"(?m)^(.{{{WRAPPED},}}[^.!?:;…\n])\n(?=[^\W\d_A-Z>])", r"\1 ", text.replace("\r\n", "\n"))
