"""What a small model reads of a long text, and what is kept of what it says.

A thread is cleaned of quoted lines and signatures and cut into readings that each hold whole
messages with their writers' names; a long note is cut at its paragraphs. What the model says of a
reading is checked sentence by sentence: one with a name or a number that stands nowhere in the
reading, or that gives one writer's words to another, gives way to the reading's own sentence that is
closest to it, in quotation marks. Where all
the readings say too much together, the sentences whose words are the most frequent in the text stay
(SumBasic: Nenkova & Vanderwende 2005).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from semchunk.semchunk import chunk

from app.flows import grounding

READING_CHARS = 2000  # about 500 tokens, as the adapter was trained; a text up to this is read at once
GROUP_CHARS = 1200  # of a longer thread, short messages are read together up to this
MOST_READINGS, LAST_READINGS = 32, 8
MOST_WORDS = 120  # of a whole summary
NEAR = 0.3  # share of its content words that a source's sentence must hold to stand for one of the model's
OTHERS = 0.25  # of its content words that another's message holds more than the writer's it names
QUOTE_CHARS = 240

_HEAD = re.compile(
    r"^From: *(?P<who>[^\n]*)\n(?:(?:Date|To|Cc|Sent): [^\n]*\n|Subject: *(?P<title>[^\n]*)\n)*", re.M
)
_QUOTED = re.compile(r"^[ \t]*(?:>|\|(?=\s)).*(?:\n|\Z)", re.M)
_INTRODUCES = re.compile(
    r"^(?:On|Am|Le|El|Em|Den|Il|Op)\b[^\n]{4,160}(?:\n[^\n]{0,80})?"
    r"\b(?:wrote|writes|schrieb|écrit|escribió|escreveu|skrev|scritto|schreef)[^\n]{0,60}:[ \t]*\n(?=\s*>)",
    re.M,
)
_LINES = re.compile(r"\n{3,}")
_OPENS = re.compile(r"[^\w]*(\w+(?:['’-]\w+)*)")
_OPENERS = frozenset(
    """nobody nothing somebody someone everybody everyone everything anybody anyone another several many two
    three four five six seven eight nine ten first second third finally meanwhile instead otherwise
    today tomorrow yesterday there's it's they're he's she's that's since although unless despite regarding
    participants members people guests residents customers attendees half none
    der die das den dem des ein eine einer einem einen er sie es wir ihr ich man mit für auf im am bei bis
    nach vor von zum zur und oder aber wenn weil da nur auch alle niemand jeder außerdem danach dann statt
    wegen le la les l un une des du de il elle ils elles on nous vous je ce cette ces son sa ses leur leurs et
    ou mais si avec pour dans sur sans après avant chez tous toutes personne chacun ensuite
    el los las lo una unos unas ella ellos ellas se su sus este esta estos estas y o pero con para en sin por
    después antes todos todas nadie cada hay
    """.split()
)


@dataclass(frozen=True)
class Message:
    """``who`` wrote ``text``; empty where the text is no message."""

    who: str
    text: str


def messages(text: str) -> tuple[str, list[Message]]:
    """Title and messages of a text in which each message opens with a line ``From:``."""
    heads = list(_HEAD.finditer(text))
    if not heads or text[: heads[0].start()].strip():
        return "", [Message("", text)]
    ends = [*(head.start() for head in heads[1:]), len(text)]
    return heads[0]["title"] or "", [
        Message(head["who"].strip(), text[head.end() : end]) for head, end in zip(heads, ends, strict=True)
    ]


def cleaned(text: str) -> str:
    """Without quoted lines, the line that introduces them, and the signature; never empty for a text."""
    text = text.replace("\r\n", "\n")
    bare = grounding.without_signature(_QUOTED.sub("", _INTRODUCES.sub("", text)))
    return _LINES.sub("\n\n", bare if bare.strip() else text).strip()


def readings(title: str, said: Sequence[Message]) -> list[str]:
    """The texts to be summarized one by one, each at most READING_CHARS long."""
    blocks = list[str]()
    for message in said:
        head = f"From: {message.who}\n" if message.who else ""
        if title and not blocks:
            head += f"Subject: {title}\n" if message.who else f"{title}\n"
        blocks += _blocks(f"{head[: READING_CHARS // 4].rstrip()}\n\n" if head else "", cleaned(message.text))
    room = READING_CHARS if sum(map(len, blocks)) + 2 * len(blocks) <= READING_CHARS else GROUP_CHARS
    joined: list[str] = []
    for block in blocks:
        if joined and len(joined[-1]) + 2 + len(block) <= room:
            joined[-1] += f"\n\n{block}"
        else:
            joined.append(block)
    if len(joined) > MOST_READINGS:  # the beginning and the end carry what a long text is about
        joined = joined[: MOST_READINGS - LAST_READINGS] + joined[-LAST_READINGS:]
    return [grounding.without_marks(each) for each in joined]


def _blocks(head: str, text: str) -> list[str]:
    most = (MOST_READINGS + LAST_READINGS) * READING_CHARS
    if len(text) > most:
        text = f"{text[: most // 2]}\n\n{text[-most // 2 :]}"
    size = READING_CHARS - len(head)
    parts = chunk(text, chunk_size=size, token_counter=len) if len(text) > size else [text]
    return [f"{head}{part}" for part in parts]


def founded(sentence: str, reading: str, used: Sequence[str] = ()) -> str:
    """``sentence``, or what the reading says in its place, or nothing."""
    if not invents(sentence, reading) and not misattributed(sentence, reading):
        return sentence
    words, best, most = grounding.content_words(sentence), "", NEAR
    for who, own in _own(reading):
        share = len(words & grounding.content_words(own)) / len(words) if words else 0.0
        quote = _quote(who, own)
        if share >= most and quote not in used:
            best, most = quote, share
    return best


def invents(sentence: str, source: str) -> bool:
    """Whether it has a number or a name that the source has not."""
    return grounding.unfounded(sentence, source) or opens_with_a_stranger(sentence, source)


def opens_with_a_stranger(sentence: str, source: str) -> bool:
    """Whether its first word may be a name, as it is no common opener and stands not in the source."""
    opens = _OPENS.match(sentence)
    word = opens[1] if opens else ""
    if not word[:1].isupper() or word.lower() in _OPENERS or not grounding.content_words(word):
        return False
    return grounding.stem(word) not in grounding.content_words(source) and word.lower() not in source.lower()


def misattributed(sentence: str, reading: str) -> bool:
    """Whether it opens with one writer's name and says what stands in another's message."""
    _, said = messages(reading)
    names = set[str]().union(*(grounding.content_words(message.who) for message in said))
    opens = _OPENS.match(sentence)
    writers = {n for n, m in enumerate(said) if opens and opens[1] in m.who.split()}
    words = grounding.content_words(sentence) - names
    if not writers or len(writers) == len(said) or not words:
        return False
    shares = [len(words & grounding.content_words(message.text)) / len(words) for message in said]
    return max(shares) > max(shares[n] for n in writers) + OTHERS


class Checked:
    """A summary of one reading while it is written: its sentences as the person gets them."""

    def __init__(self, reading: str) -> None:
        self._reading, self._seen = reading, 0
        self.kept: list[str] = []

    def add(self, summary: str, *, whole: bool = False) -> Iterator[str]:
        """What is new in ``summary``, which may end amid a sentence unless it is the whole."""
        listed = grounding.sentences(summary)
        ready = listed if whole else listed[:-1]
        for sentence in ready[self._seen :]:
            yield from self._keep(founded(sentence, self._reading, self.kept))
        self._seen = len(ready)
        if whole and not self.kept:
            yield from (quote for own in _own(self._reading)[:1] for quote in self._keep(_quote(*own)))

    def _keep(self, sentence: str) -> Iterator[str]:
        if sentence and sentence not in self.kept:
            self.kept.append(sentence)
            yield sentence


def checked(summary: str, reading: str) -> list[str]:
    """The sentences of a whole summary; at least one where the reading has one."""
    return list(Checked(reading).add(summary, whole=True))


def _quote(who: str, sentence: str) -> str:
    return f"{who}: “{sentence}”" if who else f"“{sentence}”"


def _own(reading: str) -> list[tuple[str, str]]:
    """The reading's own sentences that say something and can be quoted, with their writers."""
    _, said = messages(reading)
    return [
        (message.who, sentence)
        for message in said
        for sentence in grounding.sentences(message.text)
        if len(sentence) <= QUOTE_CHARS and len(grounding.content_words(sentence)) > 2
    ]


def together(parts: Sequence[Sequence[str]], source: str, most: int = MOST_WORDS) -> str:
    """The sentences of all the readings in order, or those that say most of ``source`` in ``most`` words."""
    listed = list(dict.fromkeys(sentence for part in parts for sentence in part))
    if sum(len(sentence.split()) for sentence in listed) <= most:
        return " ".join(listed)
    counts = Counter(grounding.stem(word) for word in re.findall(r"\w+", source))
    total = sum(counts.values()) or 1
    weights = {word: count / total for word, count in counts.items()}
    words = {sentence: grounding.content_words(sentence) for sentence in listed}
    chosen: set[str] = set()
    room = most
    while room > 0 and len(chosen) < len(listed):
        left = [sentence for sentence in listed if sentence not in chosen]
        best = max(left, key=lambda s: sum(weights.get(w, 0.0) for w in words[s]) / max(1, len(words[s])))
        chosen.add(best)
        room -= len(best.split())
        weights |= {word: weights.get(word, 0.0) ** 2 for word in words[best]}
    return " ".join(sentence for sentence in listed if sentence in chosen)
