"""What a mail's headers say of its state, and whether a person wrote it to a person."""

from __future__ import annotations

import re

from indexers._mime import Content

_STATUS = {"R": "S", "A": "R", "F": "F", "T": "D"}  # Status and X-Status of mbox → the letters of a Maildir
_MOZILLA = {0x1: "S", 0x2: "R", 0x4: "F", 0x1000: "P"}
_EXPUNGED, _IMAP_DELETED = 0x8, 0x200000
_TOLD = frozenset("auto-submitted precedence x-autoreply list-id list-post list-unsubscribe".split())
_HEX = re.compile(r"[0-9a-fA-F]{1,8}")


def flags(content: Content) -> str:
    """What a mailbox program noted in the mail itself: S seen, R replied, F flagged, D draft, P passed on."""
    headers = content.headers
    if "x-mozilla-status" in headers:
        bits = _bits(content, "x-mozilla-status")
        return "".join(sorted(letter for bit, letter in _MOZILLA.items() if bits & bit))
    if "status" not in headers and "x-status" not in headers:
        return ""
    noted = content.first("status")[:20] + content.first("x-status")[:20]
    return "".join(sorted({_STATUS[letter] for letter in noted if letter in _STATUS}))


def deleted(content: Content) -> bool:
    """A mail of an mbox that was deleted and waits for the folder to be compacted."""
    headers = content.headers
    if "x-mozilla-status" in headers and _bits(content, "x-mozilla-status") & _EXPUNGED:
        return True
    if "x-mozilla-status2" in headers and _bits(content, "x-mozilla-status2") & _IMAP_DELETED:
        return True
    return "x-status" in headers and "D" in content.first("x-status")[:20]


def _bits(content: Content, name: str) -> int:
    found = _HEX.match(content.first(name).strip())
    return int(found[0], 16) if found else 0


def bulk(content: Content) -> str:
    """``bounce`` (RFC 3464), ``receipt`` (RFC 8098), ``auto-reply`` or ``auto`` (RFC 3834), ``list`` or
    ``newsletter`` (RFC 2369, RFC 2919), empty for what one person wrote to another.

    A list is where subscribers write, too; a newsletter is what can only be read.
    """
    headers = content.headers
    if report := _report(content):
        return report
    if headers.keys().isdisjoint(_TOLD):
        return ""
    submitted = content.first("auto-submitted").strip().lower()
    precedence = content.first("precedence").strip().lower()
    if submitted.startswith("auto-replied") or "x-autoreply" in headers or precedence == "auto_reply":
        return "auto-reply"
    if _posted(content) or precedence == "list":
        return "list"
    if "list-unsubscribe" in headers or "list-id" in headers or precedence in ("bulk", "junk"):
        return "newsletter"
    return "auto" if submitted.startswith("auto-") else ""


def _posted(content: Content) -> bool:
    """Whether the list takes mails of its subscribers."""
    post = content.first("list-post").strip()
    return bool(post) and not post.upper().startswith("NO")


def _report(content: Content) -> str:
    kind = content.first("content-type")
    if "eport" in kind and (kind := kind.lower()).lstrip().startswith("multipart/report"):
        if "disposition-notification" in kind:
            return "receipt"
        return "auto" if "feedback-report" in kind else "bounce"
    sender = content.first("from")[:200].lower()
    if "mailer-daemon" in sender or "postmaster@" in sender or "x-failed-recipients" in content.headers:
        return "bounce"
    return ""
