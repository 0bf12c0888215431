"""The words of a Rich Text Format document (Microsoft's specification 1.9.1), in linear time."""

from __future__ import annotations

import re

from indexers._text import MAX_TEXT, clean, codec, tidy

MAX_RTF = 8_000_000  # bytes, of which most are pictures as a rule
MOST_TOKENS = 600_000  # words, signs and runs of letters
_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|[\r\n]+|([^\\{}\r\n]+)"
)
_UNSEEN = frozenset(  # groups that say nothing to a reader
    "fonttbl colortbl stylesheet info pict object header headerl headerr headerf footer footerl footerr "
    "footerf fldinst listtable listoverridetable revtbl rsidtbl generator themedata colorschememapping "
    "datastore latentstyles xmlnstbl filetbl pntext listtext nonesttables shpinst ftnsep aftnsep".split()
)
_WORDS = {
    "par": "\n",
    "line": "\n",
    "sect": "\n\n",
    "page": "\n\n",
    "row": "\n",
    "tab": "\t",
    "cell": "\t",
    "nestcell": "\t",
    "emdash": "—",
    "endash": "–",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
}
_SIGNS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n", "\t": "\t"}
_CHARSETS = {  # of a font → code page
    77: "mac-roman",
    128: "cp932",
    129: "cp949",
    134: "gb18030",
    136: "cp950",
    161: "cp1253",
    162: "cp1254",
    163: "cp1258",
    177: "cp1255",
    178: "cp1256",
    186: "cp1257",
    204: "cp1251",
    222: "cp874",
    238: "cp1250",
}


def is_rtf(data: bytes) -> bool:
    return data.startswith(b"{\\rtf")


def text(data: bytes) -> str:
    """What a reader would see of the document; a damaged one is read up to where it makes sense."""
    return tidy(clean(_Reading().read(data[:MAX_RTF].decode("latin-1"))))


class _Reading:
    """One document on its way: the state of the open groups, and what was written so far.

    Letters are kept as bytes until something else comes, since two of them may make one sign.
    """

    def __init__(self) -> None:
        self.codec = "cp1252"  # of what has no font of its own
        self.fonts: dict[int, str] = {}
        self.font = 0  # the one described, in the table of fonts
        self.unseen, self.per_sign, self.charset, self.in_fonts = False, 1, "", False
        self.groups: list[tuple[bool, int, str, bool]] = []
        self.letters = bytearray()
        self.written: list[str] = []
        self.length = self.skip = 0

    def read(self, rtf: str) -> str:
        at = tokens = 0
        while (token := _TOKEN.match(rtf, at)) and self.length <= MAX_TEXT and tokens < MOST_TOKENS:
            at, tokens = token.end(), tokens + 1
            word, number, code, sign, brace, letters = token.groups()
            if word == "bin":
                at += max(0, int(number or 0))
            elif word:
                self._word(word, number)
            elif code:
                self._letters(bytes.fromhex(code))
            elif letters:
                self._letters(letters.encode("latin-1"))
            elif brace:
                self._group(opens=brace == "{")
            elif sign == "*":
                self.unseen = True
            elif sign:
                self._write(_SIGNS.get(sign, ""))
        self._flush()
        return "".join(self.written).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def _group(self, *, opens: bool) -> None:
        self._flush()
        self.skip = 0
        if opens:
            self.groups.append((self.unseen, self.per_sign, self.charset, self.in_fonts))
        elif self.groups:
            self.unseen, self.per_sign, self.charset, self.in_fonts = self.groups.pop()

    def _word(self, word: str, number: str | None) -> None:
        value = int(number) if number else 0
        if word == "u":
            self._write(chr(value & 0xFFFF))
            self.skip = self.per_sign
        elif word == "uc":
            self.per_sign = min(max(value, 0), 8)
        elif word == "f":
            self._flush()
            self.font, self.charset = value, self.fonts.get(value, "")
        elif word == "fcharset" and self.in_fonts:
            self.fonts[self.font] = _CHARSETS.get(value, "")
        elif word in ("ansicpg", "mac", "pc", "pca"):
            page = {"mac": "mac-roman", "pc": "cp437", "pca": "cp850"}.get(word, f"cp{value}")
            self.codec = codec(page) or "cp1252"
        elif word in _UNSEEN:
            self.unseen, self.in_fonts = True, word == "fonttbl"
        elif word in _WORDS:
            self._write(_WORDS[word])

    def _letters(self, letters: bytes) -> None:
        """Letters of the text, without those that stand in for a sign already written as Unicode."""
        left = letters[self.skip :]
        self.skip = max(0, self.skip - len(letters))
        if not self.unseen:
            self.letters += left

    def _write(self, text: str) -> None:
        self._flush()
        if not self.unseen:
            self.written.append(text)
            self.length += len(text)

    def _flush(self) -> None:
        if self.letters:
            text = self.letters.decode(self.charset or self.codec, "replace")
            self.written.append(text)
            self.length += len(text)
            self.letters.clear()
