"""Completions for bash, zsh and fish, and the manual page: written from the parser, so they cannot differ."""

from __future__ import annotations

import argparse
from collections.abc import Iterator

SHELLS = ("bash", "zsh", "fish")

_BASH = """_homebody() {{
    local current="${{COMP_WORDS[COMP_CWORD]}}" place="" words="" word
    for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
        case "$place $word" in
            {places}) place="$place $word" ;;
        esac
    done
    case "$place" in
{cases}
    esac
    COMPREPLY=($(compgen -W "$words" -- "$current"))
}}
complete -o default -F _homebody homebody
"""
_ZSH = "#compdef homebody\nautoload -U +X bashcompinit && bashcompinit\n"
_FISH = """function __homebody_words
    set -l place ""
    for word in (commandline -opc)[2..-1]
        switch "$place $word"
            case {places}
                set place "$place $word"
        end
    end
    switch "$place"
{cases}
    end
end
complete -c homebody -a "(__homebody_words)"
"""
_CODES = (
    ("0", "done"),
    ("1", "failed"),
    ("2", "wrong usage"),
    ("10", "locked, or no key"),
    ("11", "a damaged store"),
    ("12", "another instance has the data folder"),
    ("13", "not supported here"),
    ("14", "refused by policy"),
    ("130", "interrupted"),
)


def completions(shell: str, parser: argparse.ArgumentParser) -> str:
    """A script for ``shell`` that completes every command, option and choice; names of files elsewhere."""
    words = {f" {' '.join(place)}".rstrip(): " ".join(_words(one)) for place, one in _all(parser)}
    places = [place for place in words if place]
    if shell == "fish":
        cases = [
            f"        case '{place}'\n            printf '%s\\n' {told}" for place, told in words.items()
        ]
        return _FISH.format(places=" ".join(f"'{place}'" for place in places), cases="\n".join(cases))
    cases = [f'        "{place}") words="{told}" ;;' for place, told in words.items()]
    script = _BASH.format(places="|".join(f'"{place}"' for place in places), cases="\n".join(cases))
    return script if shell == "bash" else _ZSH + script


def manual(parser: argparse.ArgumentParser, version: str) -> str:
    """The manual page, in the man macros of roff (man(7))."""
    lines = [f'.TH HOMEBODY 1 "" "Homebody {_roff(version)}"', ".SH NAME"]
    lines.append("homebody \\- a private assistant that lives on your computer")
    lines += [".SH SYNOPSIS", ".B homebody", "[\\-\\-data DIR] [\\-\\-json] COMMAND ...", ".SH COMMANDS"]
    for place, one in _all(parser):
        if place:
            lines += [".SS", _roff(one.format_usage().split(":", 1)[1].strip())]
            lines += [_roff(one.description or _about(parser, place)), *_options(one)]
    lines += [".SH OPTIONS", *_options(parser), ".SH EXIT STATUS"]
    for code, means in _CODES:
        lines += [".TP", code, means]
    lines += [
        ".SH ENVIRONMENT",
        ".TP",
        "HOMEBODY_PASSPHRASE",
        "the passphrase, where nobody is there to type it",
    ]
    return "\n".join(lines) + "\n"


def _all(
    parser: argparse.ArgumentParser, place: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], argparse.ArgumentParser]]:
    """Every command, with the words that lead to it."""
    yield place, parser
    for name, one in _below(parser).items():
        yield from _all(one, (*place, name))


def _below(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _words(parser: argparse.ArgumentParser) -> Iterator[str]:
    """What may follow: commands, options, and choices of what is given by itself."""
    for action in parser._actions:
        yield from action.option_strings
        if action.choices and not action.option_strings:
            yield from map(str, action.choices)


def _about(parser: argparse.ArgumentParser, place: tuple[str, ...]) -> str:
    """What the list of commands says of one."""
    for name in place[:-1]:
        parser = _below(parser)[name]
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return next((one.help or "" for one in action._choices_actions if one.dest == place[-1]), "")
    return ""


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    for action in parser._actions:
        if action.help and not isinstance(action, argparse._SubParsersAction):
            name = ", ".join(action.option_strings) or str(action.metavar or action.dest)
            value = (
                f" {action.metavar or action.dest.upper()}"
                if action.option_strings and action.nargs != 0
                else ""
            )
            yield from (".TP", f".B {_roff(name + value)}", _roff(action.help))


def _roff(text: str) -> str:
    text = " ".join(text.split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
