"""HTML to readable text: blocks become lines, inline words stay whole, quotes keep their marks."""

from __future__ import annotations

import re

from selectolax.lexbor import LexborHTMLParser, LexborNode

MAX_HTML = 2_000_000  # characters
MAX_DEPTH = 500
_SUSPICIOUS = 2 * MAX_DEPTH  # fewer tags than this cannot nest too deeply to matter

_PARAGRAPHS = frozenset("p h1 h2 h3 h4 h5 h6 ul ol dl table blockquote pre figure article section".split())
_LINES = frozenset(
    "div li tr dt dd header footer main nav aside form fieldset address center caption hr".split()
)
_UNSEEN = frozenset("script style head template noscript svg math object iframe select textarea".split())
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
_NO_END = frozenset(
    "area base br col embed hr img input link meta source track wbr p li dt dd tr td th option "
    "tbody thead tfoot html head body".split()
)
_BULLET = "- "
_HIDDEN = re.compile(r"display\s*:\s*none|mso-hide\s*:\s*all", re.I)


class _Writer:
    """Collects words into lines; block borders end a line, quotes prefix it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.words: list[str] = []
        self.space = False
        self.quote = 0
        self.verbatim = 0

    def text(self, text: str) -> None:
        if self.verbatim:
            *whole, rest = text.split("\n")
            for line in whole:
                self.words.append(line)
                self._flush()
            self.words.append(rest)
            return
        words = text.split()
        if not words:
            self.space = True
            return
        if (self.space or text[0].isspace()) and self.words and not self.bullet():
            self.words.append(" ")
        self.words.append(" ".join(words))
        self.space = text[-1].isspace()

    def line(self) -> None:
        if self.words and not self.bullet():  # a list item's first block stays beside its mark
            self._flush()

    def bullet(self) -> bool:
        """Whether the line is a list item's mark so far."""
        return self.words == [_BULLET]

    def paragraph(self) -> None:
        self.line()
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " * self.quote if self.quote else "")

    def _flush(self) -> None:
        line = "".join(self.words).rstrip()
        self.lines.append("> " * self.quote + line if self.quote else line)
        self.words.clear()
        self.space = False


def html_to_text(html: str, *, quotes: bool = False) -> tuple[str, list[str]]:
    """The visible text and the web links of ``html``; with ``quotes``, blockquotes get ``> ``."""
    html = html[:MAX_HTML]
    html, rest = _shallow(html) if html.count("<") > _SUSPICIOUS else (html, "")
    tree = LexborHTMLParser(html)
    writer, links = _Writer(), list[str]()
    if tree.body is not None:
        _walk(tree.body, writer, links, quotes=quotes, hidden=_hides(html))
    writer.line()
    text = "\n".join(writer.lines)
    return (f"{text}\n{rest}" if rest else text), links


def _hides(html: str) -> bool:
    """Whether anything may be hidden; the pattern alone takes as long as reading the page."""
    small = html.lower()
    return ("display" in small or "mso-hide" in small) and _HIDDEN.search(small) is not None


def _walk(root: LexborNode, writer: _Writer, links: list[str], *, quotes: bool, hidden: bool) -> None:
    """Depth first without recursion, since a hostile page nests deeper than Python's stack."""
    open_nodes: list[LexborNode] = []
    node = root.child
    while node is not None:
        tag = node.tag or ""
        if tag == "-text":
            writer.text(node.text_content or "")
        elif tag not in _UNSEEN and not (hidden and _HIDDEN.search(node.attributes.get("style") or "")):
            _enter(tag, node, writer, links, quotes=quotes)
            if (child := node.child) is not None:
                open_nodes.append(node)
                node = child
                continue
            _leave(tag, writer, quotes=quotes)
        following = node.next
        while following is None and open_nodes:
            parent = open_nodes.pop()
            _leave(parent.tag or "", writer, quotes=quotes)
            following = parent.next
        node = following


def _enter(tag: str, node: LexborNode, writer: _Writer, links: list[str], *, quotes: bool) -> None:
    if tag in _PARAGRAPHS:
        writer.paragraph()
        writer.quote += quotes and tag == "blockquote"
        writer.verbatim += tag == "pre"
    elif tag in _LINES:
        writer.line()
        if tag == "li" and not writer.bullet():
            writer.words.append(_BULLET)
    elif tag == "br":
        writer._flush()
    elif tag in ("td", "th"):
        if writer.words:
            writer.words.append("  ")
    elif tag == "a":
        href = (node.attributes.get("href") or "").strip()
        if href.startswith(("http://", "https://")) and len(links) < 1000:
            links.append(href[:2000])


def _leave(tag: str, writer: _Writer, *, quotes: bool) -> None:
    if tag in _PARAGRAPHS:
        writer.line()
        writer.quote -= quotes and tag == "blockquote"
        writer.verbatim -= tag == "pre"
        writer.paragraph()
    elif tag in _LINES:
        if tag == "li" and writer.bullet():
            writer.words.clear()
        writer.line()


def _shallow(html: str) -> tuple[str, str]:
    """``html`` up to where it nests too deeply (parsing is quadratic in depth), the rest without tags."""
    depth = 0
    for match in _TAG.finditer(html):
        if match[2].lower() in _NO_END:
            continue
        depth = max(0, depth - 1) if match[1] else depth + 1
        if depth > MAX_DEPTH:
            return html[: match.start()], " ".join(_TAG.sub(" ", html[match.start() :]).split())
    return html, ""
