"""``--passo-passo``: the words that can be typed, and what was meant by what was.

Each is known by its name, by its short forms and by the first letters that no other name shares: in the language that
is spoken, and always in Italian.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from passerella.language import _, later
from passerella.views.visible import visible

FORWARD, BACK, RELEASE, KEYS, BYTES, EXPLAIN, WHERE, LEVEL, REQUEST, JOURNEY, LEAVE, HELP = range(12)


class _Word(NamedTuple):
    """``names``: the name, then its short forms. ``argument``: what may follow, as help shows it."""

    names: str
    argument: str
    about: str


_WORDS: dict[int, _Word] = {
    FORWARD: _Word(
        later("avanti a"),
        "",
        later("il passo dopo; se il viaggio è fermo lì, lo lascia andare fino al prossimo. Basta invio."),
    ),
    BACK: _Word(later("indietro i"), "", later("il passo prima; il viaggio resta fermo dov'è.")),
    RELEASE: _Word(later("riprendi r"), "", later("lascia andare il viaggio fino in fondo.")),
    KEYS: _Word(
        later("chiavi c"),
        later("[nome]"),
        later("le chiavi di environ o di scope a questo passo; con un nome, che cos'è e da dove viene."),
    ),
    BYTES: _Word(
        later("byte b"),
        later("[numero|tutti]"),
        later("i byte di questo passo; con un numero, che cosa ha dato quel byte, o chi l'ha scritto; «tutti»: tutti."),
    ),
    EXPLAIN: _Word(later("spiega s"), "", later("che cosa succede a questo passo.")),
    WHERE: _Word(later("dove d"), "", later("dove sei, e che cosa è fermo.")),
    LEVEL: _Word(
        later("livello l"), "1|2|3", later("quanto dettaglio, e dove ci si ferma: stazioni, passi, tutti i passi.")
    ),
    REQUEST: _Word(
        later("richiesta"), later('"GET /x" ["corpo"]'), later("invia una richiesta al server, e ne segue il viaggio.")
    ),
    JOURNEY: _Word(later("viaggio v"), later("[numero]"), later("passa a un altro viaggio; senza numero li elenca.")),
    LEAVE: _Word(later("esci e"), "", later("lascia andare tutti i viaggi e finisce.")),
    HELP: _Word(later("aiuto ?"), "", later("queste parole.")),
}
_OF_RECORDINGS = frozenset(_WORDS) - {RELEASE, REQUEST}

ALL_BYTES = later("tutti")


class Asked(NamedTuple):
    """A word, by its number, and what follows it."""

    word: int
    argument: str = ""


class NotAWordError(Exception):
    """What was typed is no word, or could be more than one. Says what is known."""


def read(line: str, recorded: bool = False) -> Asked:
    """What ``line`` asks for; nothing typed is :data:`FORWARD`.

    :raises NotAWordError: it cannot be told.
    """
    typed, _space, argument = line.strip().partition(" ")
    if not typed:
        return Asked(FORWARD)
    found = _meant(typed.lower())
    if len(found) == 1:
        return Asked(found[0], argument.strip())
    shown = visible(typed, 40)
    if found:
        names = ", ".join(name(word) for word in found)
        raise NotAWordError(
            _("«{typed}» può essere: {names}. Scrivi qualche lettera in più.").format(typed=shown, names=names)
        )
    raise NotAWordError(
        _("Non conosco «{typed}». Conosco: {names}.").format(
            typed=shown, names=", ".join(name(word) for word in _words(recorded))
        )
    )


def name(word: int) -> str:
    """How a word is written in the language that is spoken."""
    return _(_WORDS[word].names).split()[0]


def help_lines(recorded: bool = False) -> Iterator[str]:
    """A line a word: its names, what may follow, what it does."""
    for word in _words(recorded):
        known = _WORDS[word]
        first, *short = _(known.names).split()
        shown = " ".join(part for part in (first, _(known.argument) if known.argument else "") if part)
        also = _(" (anche {names})").format(names=", ".join(short)) if short else ""
        yield f"{shown}{also}: {_(known.about)}"


def _words(recorded: bool) -> Sequence[int]:
    return [word for word in _WORDS if not recorded or word in _OF_RECORDINGS]


def _meant(typed: str) -> list[int]:
    """The words that ``typed`` can be: by their whole names first, then by their first letters."""
    for spoken in (True, False):
        for whole in (True, False):
            found = [word for word in _WORDS if _is(typed, word, spoken, whole)]
            if found:
                return found
    return []


def _is(typed: str, word: int, spoken: bool, whole: bool) -> bool:
    names = (_(_WORDS[word].names) if spoken else _WORDS[word].names).split()
    return typed in names if whole else names[0].startswith(typed)
