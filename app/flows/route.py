"""Route: which verb a person's words ask for, which sources they name, and whether they are much work.

Plain code, since it was right more often than the embedder and costs no process (see the card in
adapters/route): what asks for a rewrite, a summary, a mail or a deed says so in a few words, a
request with a time and no question is an event, and everything else is a question.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from app.core import when
from app.core.types import Route
from app.flows import questions
from app.flows.context import Home
from app.flows.dictation import figured

Verb = Literal["ask", "summarize", "draft", "rewrite", "act"]


SURE, LIKELY, LEFT = 0.95, 0.8, 0.6  # said in so many words; by its form; because nothing else was said

_LEAD = (
    r"^(?:(?:please|hey|hi|ok|okay|so|can you|could you|would you|will you|i want to|i'd like to|"
    r"i would like to|i need to|i have to|let's|bitte|kannst du|por favor)[ ,]+)*"
)


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE | re.VERBOSE)


_REWRITE = _words(
    r"""\b(?:rewrite|re-?phrase|re-?word|proof-?read|polish|shorten|simplify|soften)\b
    |\b(?:make|mach|write|say|put|turn)\s(?:this|it|that|my\s\w+|the\s\w+|das|es|den\stext)\s(?:\w+\s){0,2}?
     (?:more|less|sound|short\w*|friendl\w+|polite\w*|nicer?|formal\w*|half|simpl\w+|easier|plain\w*|proper|into\sproper
     |in\s(?:plain|easier|proper|simple)|höflicher|kürzer|freundlicher)
    |\b(?:fix|correct|check|improve|clean\sup|tidy\sup)\b.*\b(?:spelling|grammar|typos?|mistakes?|errors?|wording|text|
     letter|english|style)\b
    |\b(?:better|other|nicer|find\sbetter)\s(?:wording|words)\b|\b(?:less|more)\s(?:formal|polite|friendly)\b
    |\bsounds?\s(?:rude|harsh|stiff)\b|\breads?\sbetter\b|\btoo\slong\b.*\bcut\b|\bcut\sthis\b
    |\b(?:korrigiere?|formuliere?|kürze?|verbessere?)\b
    |^(?:rends|corrige|raccourcis|reformule|haz|hazlo|acorta|reescribe)\b"""
)
_SUMMARIZE = _words(
    r"""\bsummar\w+|\bsum(?:s|med)?\b.{0,30}\bup\b|\btl;?\s?dr\b|\bgist\b|\bnutshell\b|\b(?:key|main)\spoints?\b|\bcondense\b
    |\bboil\b.*\bdown\b|\bdigest\b|\brecap\b|\boverview\b|\bbrief\sme\b|\bbriefly\b|\b(?:catch|bring)\sme\sup\b
    |\bshort\sversion\b|\bin\s(?:short|brief)\b|\bessence\sof\b|\bin\s(?:two|three|a\sfew)\s(?:sentences|lines|words)\b
    |\bzusammenfass|\bfass\w*\b.*\bzusammen\b|\bin\skürze\b|\brésum|^resume\b|\ben\sbref\b"""
)
_REPLY = _words(
    _LEAD.replace(" ", r"\s")
    + r"""(?:(?:draft|write|send|prepare)\s(?:me\s)?(?:an?|the)\s(?:\w+\s)?(?:reply|answer|response)
    |reply|answer(?!s)|respond|write\sback|get\sback\sto|decline|accept|confirm\sto|antworte|réponds|responde)\b
    |\bin\sreply\b"""
)
_MAIL = _words(
    _LEAD.replace(" ", r"\s")
    + r"""(?:(?:e-?mail|mail|message)\s(?!s?\b(?:about|from|by|with)\b)[\w'@.]+
    |write\s(?!down\b|it\b|this\b|that\b|a\s(?:note|program|python|script|report|poem|story|detailed|five)|an\sessay)
    |(?:send|compose|draft|prepare|start|shoot|new)\b.*\b(?:e-?mail|mail|message)\b|drop\s.+\sa\sline
    |let\s(?!me\b|us\b|'s\b).+\sknow\b|inform\b|tell\s(?!me\b|us\b).+|message\s\w+
    |(?:apologi[sz]e|ask|thank|invite|tell)\b.*\bby\se?-?mail\b|new\se-?mail|subject\sline
    |schreib\w*\s(?!auf\b)|écris\s(?:à|au)|envoie|escribe\s(?:a|al)\b|manda\s|envía)
    |\bmail\s(?:him|her|them)\b|\bby\se-?mail\s(?:that|if|whether)\b"""
)
_ACT = _words(
    _LEAD.replace(" ", r"\s")
    + r"""(?:remind\sme\s(?!wh|how\b|again\b)|reminder|set\s(?:an?|my|the|up|me)\b
    |wake\sme|get\sme\sup|alarm|nudge|ping\sme
    |don'?t\slet\sme\sforget|make\ssure\si
    |(?:make|start|create|open|begin)\s(?:an?|the|my|me\sa)\s(?:\w+\s){0,2}?(?:list|alarm|note|reminder|event)
    |(?:take|write|jot|put|note)\s(?:\w+\s)?(?:this\s|it\s)?down|note\s
    |take\sa\snote|jot|write\sdown|memo|record\s(?:that|the)|remember\s(?:that|this|to)|keep\sin\smind
    |(?:add|put|enter|schedule|book|block|reserve|invite|pencil|plan|arrange|organi[sz]e|fix\sa\sdate)\b
    |new\s(?:list|note|event|appointment|reminder|entry)
    |save\sthe\sdate|trag|erinner\w*|weck|notier\w*|setz|termin|merk\sdir|rappelle|ajoute|note\sque|mets|recuérdame|anota|añade|pon)
    |\bremind\sme$|\badded\sto\b.*\blist\b|\blist\sand\sadd\b|\b(?:put|add|enter)\s(?:it|that|them)\s(?:in|to|on|down)\b|\b(?:shopping|to-?do)\slist:"""
)
_ASK = _words(
    _LEAD.replace(" ", r"\s")
    + r"""(?:who\w*|what\w*|when|where|which|why|how|is|are|was|were|do|does|did|has|had
    |have\s(?:i|we|you|they)|am|can\si
    |(?:e-?mails|mails|newsletters|events|photos|pictures|images|notes)\s(?!to\b)
    |show|find|search|look|list|open|read\sme|tell\sme|give\sme|remind\sme\s(?:wh|how)|everything|anything|any|all
    |was|wer|wie|wo|wann|welche\w*|hat|habe?|zeig|qui|que|qué|quand|où|combien|qu'\w+|cuándo|dónde|quién|cómo)\b"""
)
_HEAVY = _words(
    r"""\banaly[sz]e|\bcompar(?:e|ison)\b.*\b(?:best|recommend|reasons?|detail\w*|years|in-?depth|step|case|build|thorough\w*)\b
    |\bin(?:\s|-)depth\b|\bthorough\w*|\bstep\sby\sstep\b|\b(?:every|with)\s(?:step|steps)\b|\b(?:essay|strategy|dissertation)\b
    |\bwrite\b.*\b(?:report|programs?|script|code|plan)\b|\b(?:python|sql|source\scode)\b|\bprove\b|\bderive\b|\bequation\b
    |\b(?:business|training)\splan\b|\bplan\sa\b.*\b(?:trip|renovation|budget|steps)\b|\bliterature\sreview\b|\blegal\b
    |\bpros\sand\scons\b|\bdetailed\b|\bcalculations?\b|\bconsequences\b|\bwith\s(?:the\s)?(?:reasons|arguments)\b
    |\bargument\w*\b|\bwork\sout\s(?:a|who|why)\b|\bexplain\b.*\b(?:depth|examples|reform)\b|\bschema\b
    |\bausführlich\b|\bbegründung\b|\banalysier"""
)
_SOURCES = {
    "mail": _words(
        r"""\be-?mails?\b|\bmails?\b|\bmessages?\b|\binbox\b|\bthread\b|\bnewsletters?\b|\battachments?\b|\bcopy\b
        |\b(?:e-?mailed|wrote\s(?:to|me|back|about|this|yesterday)|replied|reply|answered|answer)\b|\b(?:did|does|has|what|i)\b.*\b(?:write|wrote|written)\b|\bget\sback\sto\sme\b|\bgot\sback\b
        |\b(?:sent?|send)\sme\b|\bpromise\b|\bcorreos?\b|\bmél\b|\bgeschrieben\b|\bgeantwortet\b|\bécrit\b|\bescribió\b
        |\bconversation\b"""
    ),
    "notes": _words(
        r"""\bnotes?\b|\bnoted\b|\bnotebook\b|\bnotizen?\b|\bwr(?:ote|ite|itten)\s(?:\w+\s)?down\b|\bjot(?:ted)?\b|\bminutes\b
        |\b(?:the|my|shopping|grocery|packing|to-?do)\slist\b|\bnotas?\b"""
    ),
    "calendar": _words(
        r"""\bcalendar\b|\bappointments?\b|\bmeetings?\b|\bevents?\b|\bagenda\b|\bdiary\b|\bschedule\b|\bmy\s(?:week|day)\b
        |\bam\si\s(?:free|doing)\b|\b(?:do|have)\si\s(?:have\s)?(?:time|anything|on)\b|\bdo\si\shave\son\b|\btravelling\b
        |\bwhen\b.*\bbirthday\b|\binvited\b|\b(?:what|anything|happening)\b.*\b(?:today|tomorrow|weekend|this\sweek|next\sweek)\b|\bon\sthe\s\d+\w*$|\bkalender\b|\btermine?\b|\w+termin\b|\brendez-?vous\b|\bdemain\b|\bmañana\b
        |\bwhen\sis\s(?:the|my)\b|\bnext\s\w+\sclass\b|\bstandup\b"""
    ),
    "photos": _words(
        r"""\bphotos?\b|\bvideos?\b|\bvídeos?\b|\bclips\b|\bpictures?\b|\bimages?\b|\bscreenshots?\b|\bsnapshots?\b|\bselfies?\b|\bscan\b|\bfotos?\b|\bbilder\b"""
    ),
    "messages": _words(
        r"""\bmessages\b|\btext\smessages?\b|\btexted\b|\bchats?\b|\bwhatsapp\b|\btelegram\b|\bsms\b|\bimessage\b
        |\bsignal[\s-](?:message|chat|nachricht)\w*|\b(?:on|in|via|auf|über|sur|por|en)\s(?:signal|slack)\b|\bslack\b
        |\bnachrichten\b|\bmensajes\b"""
    ),
    "documents": _words(
        r"""\bpdfs?\b|\bdocuments?\b|\bdocx\b|\bspreadsheets?\b|\bslides\b|\bpresentations?\b|\bexcel\b|\bword\sfile
        |\bdokumente?\b|\btabellen?\b|\bpräsentation(?:en)?\b|\bfolien\b|\bdocumentos?\b|\bhojas?\sde\scálculo\b
        |\bpresentaci(?:ón|ones)\b|\btableurs?\b|\bfeuilles?\sde\scalcul\b|\bprésentations?\b"""
    ),
    "browser": _words(
        r"""\bbookmarks?\b|\bweb\s?(?:pages?|sites?)\b|\bsites?\sweb\b|\b(?:pages?|sites?|seiten?|páginas?|sitios?)\b.*
        \b(?:visit\w*|besucht\w*|visité\w*|browsed|opened)\b|\bvisited\s(?:pages?|sites?)\b|\bbrows(?:er|ing)\b
        |\blesezeichen\b|\bwebseiten?\b|\bsignets?\b|\bfavoris\b|\bmarcadores\b"""
    ),
    "health": _words(
        r"""\bhow\smany\ssteps\b(?!\s(?:to|in\sthe|does|are))|\bsteps\s(?:a|per)\sday\b|\b(?:my|daily)\ssteps\b
        |\bdid\si\s(?:sleep|weigh)\b|\bdo\si\sweigh\b|\bmy\sweight\b|\bheart\srate\b|\bworkouts?\b|\bcalories\b
        |\bschritte\b|\bgeschlafen\b|\bgewicht\b|\bruhepuls\b|\bcombien\sde\spas\b|\bdormi\b|\bmon\spoids\b
        |\bcuántos\spasos\b|\bmi\speso\b"""
    ),
    "contacts": _words(
        r"""\bcontacts\b|\baddress\s?book\b|\b(?:phone|mobile|telephone|cell)\snumber\b|\bkontakte\b|\badressbuch\b
        |\b(?:telefon|handy)nummer\b|\bnuméro\sde\stéléphone\b|\bcontactos\b|\bteléfono\sde\b"""
    ),
}


_MAILED = _words(r"\be-?mails?\b|\bmails?\b|\bcorreos?\b")  # beside another kind it is meant


def route(home: Home, text: str) -> Route:
    """Where ``text`` goes; an empty one is a question of no confidence."""
    return routed(text, home.now())


def routed(text: str, now: datetime) -> Route:
    verb, confidence = _verb(" ".join(text.split()), now)
    looks = verb in ("ask", "summarize")
    replies = verb == "draft" and _REPLY.search(text) is not None
    sources = _sources(text) if looks else ("mail",) if replies else ()
    return Route(verb=verb, sources=sources, heavy=_HEAVY.search(text) is not None, confidence=confidence)


def _verb(text: str, now: datetime) -> tuple[Verb, float]:
    if not text:
        return "ask", 0.0
    asks = _ASK.search(text) is not None or bool(questions.read(text, now))
    if _REWRITE.search(text):
        return "rewrite", SURE if not asks else LIKELY
    if _HEAVY.search(text):
        return "ask", LIKELY
    if _SUMMARIZE.search(text):
        return "summarize", SURE
    if asks:
        return "ask", SURE
    if _REPLY.search(text):
        return "draft", SURE
    if _ACT.search(text):
        return "act", SURE
    if _MAIL.search(text):
        return "draft", SURE
    point = when.point(figured(text), now)
    if point is not None and not text.endswith("?"):
        return ("act", LIKELY) if point.has_clock else ("act", LEFT)
    return "ask", LEFT


def _sources(text: str) -> tuple[str, ...]:
    named = tuple(name for name, words in _SOURCES.items() if words.search(text))
    if "documents" in named and "mail" not in named:
        named = ("mail", *named)  # most of them come attached
    if "messages" in named and "mail" in named and not re.search(r"\bmessages\b", text, re.IGNORECASE):
        named = tuple(name for name in named if name != "mail" or _MAILED.search(text))
    if "notes" in named and "mail" in named and not re.search(r"\b(?:mails?|emails?)\b", text, re.IGNORECASE):
        named = tuple(name for name in named if name != "mail")  # "what did I write down"
    return named
