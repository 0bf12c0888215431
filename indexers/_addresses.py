"""Web addresses as they may be kept: without passwords, tokens and what only follows people around."""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import quote, urlsplit, urlunsplit

MAX_ADDRESS = 2_000  # characters
_SECRET = re.compile(
    r"(?:^|[_.-])(?:token|key|apikey|auth|authkey|session|sessionid|sid|s?id_token|pass|passwd|password|pwd|pin|code|"
    r"state|nonce|otp|secret|sig|signature|jwt|hash|hmac|credential|credentials|ticket|csrf|xsrf|access|refresh|"
    r"assertion|saml\w*|relaystate|verifier|challenge|magic|invite|confirmation|reset|expires|policy|email|e?mail|user|"
    r"username|login|phone)(?:$|[_.-])|token$|key$|secret$|password$|signature$|sessionid$",
    re.I,
)
_FOLLOWS = re.compile(
    r"utm_|mc_[ce]id$|fbclid|gclid|dclid|msclkid|yclid|igshid|_hs|_ga$|_gl$|ref_?(?:src|url)?$|spm$|ved$|ei$|usg$|sxsrf|"
    r"gs_lcp|sca_esv|aqs$|sourceid$|oq$|trk|li_fat_id|wt_mc|cmpid|pk_|mtm_|guccounter",
    re.I,
)
_OPENS = re.compile(
    r"(?:reset|verif\w*|confirm\w*|invit\w*|unsubscribe|magic\w*|activat\w*|auth\w*|sso|login|signin|token|share|s)",
    re.I,
)
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I)


def kept(address: str) -> str:
    """The address in printable ASCII without what is secret, or empty for one that is no web page.

    Left out are a user's name and password, the fragment, parameters that are named like secrets or
    trackers or look random, and a random last part of the path behind a word such as ``reset``.
    """
    if len(address) > 100_000 or not address.startswith(("http://", "https://")):
        return ""
    try:
        parts = urlsplit(address)
        host = (
            (parts.hostname or "").encode("idna").decode("ascii")
            if not (parts.hostname or "").isascii()
            else parts.hostname
        )
        port = parts.port
    except (ValueError, UnicodeError):
        return ""
    if not host:
        return ""
    place = f"[{host}]" if ":" in host else host
    place += f":{port}" if port else ""
    query = "&".join(part for part in parts.query.split("&") if part and _harmless(part))
    found = urlunsplit((parts.scheme, place, _path(parts.path), query, ""))
    return quote(found, safe="!#$%&'()*+,/:;=?@[]~")[:MAX_ADDRESS]


def _harmless(parameter: str) -> bool:
    name, _, value = parameter.partition("=")
    return not (_SECRET.search(name) or _FOLLOWS.match(name) or looks_random(value))


def _path(path: str) -> str:
    parts = path.split("/")
    for at in range(1, len(parts)):
        long = len(parts[at]) >= 16 and looks_random(parts[at])
        if parts[at].startswith("eyJ") or (long and _OPENS.fullmatch(parts[at - 1])):
            parts[at] = "…"
    return "/".join(parts)


def looks_random(value: str) -> bool:
    """Whether a value looks like a key: long, of one piece, digits and letters mixed as no word has them."""
    if len(value) < 16 or any(space in value for space in ("+", "%20", " ")):
        return False
    if _UUID.fullmatch(value) or value.startswith("eyJ"):
        return True
    letters, digits = sum(map(str.isalpha, value)), sum(map(str.isdigit, value))
    turns = sum(a.isdigit() != b.isdigit() or a.isupper() != b.isupper() for a, b in pairwise(value))
    mixed = digits >= 3 and letters >= 3 and turns * 5 >= len(value)
    return mixed or (len(value) >= 40 and turns * 4 >= len(value))
