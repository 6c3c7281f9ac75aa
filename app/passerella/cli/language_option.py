"""``--lingua`` and ``PASSERELLA_LINGUA``: the language is chosen before any sentence is made."""

import os
from collections.abc import Callable, Sequence
from typing import Any

import click

from passerella.language import LANGUAGES, SOURCE, _, choose

_OPTION = "--lingua"
VARIABLE = "PASSERELLA_LINGUA"


def choose_language(words: Sequence[str]) -> list[str]:
    """Speak what the command line asks for, wherever it does, or the environment. The words, with the option in front.

    What follows «--» is somebody else's command.
    """
    end = words.index("--") if "--" in words else len(words)
    ours, rest = list(words[:end]), list(words[end:])
    asked = _taken(ours)
    choose(asked if asked is not None else os.environ.get(VARIABLE, SOURCE))
    return [*((_OPTION, asked) if asked is not None else ()), *ours, *rest]


def _taken(words: list[str]) -> str | None:
    """The value of the option, which is taken out of ``words``; without one it is left for click to complain of."""
    for index, word in enumerate(words):
        if word == _OPTION and index + 1 < len(words):
            asked = words[index + 1]
            del words[index : index + 2]
            return asked
        if word.startswith(_OPTION + "="):
            del words[index]
            return word.partition("=")[2]
    return None


def language_option() -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """By now it was heard: here it is checked, and told by the help."""
    return click.option(
        _OPTION,
        type=click.Choice(LANGUAGES),
        metavar="|".join(LANGUAGES),
        expose_value=False,
        help=_("La lingua: italiano o inglese. Si può scegliere anche con la variabile {variable}.").format(
            variable=VARIABLE
        ),
    )
