"""Filters in Italian: «stato:5xx metodo:POST -percorso:/ciao durata>1,5s caffè».

Terms are separated by spaces and all must hold; a «-» before one turns it round; quotes keep spaces together. A term is
a field of :mod:`passerella.views.filter_fields`, an operator and a value, or else free text.
"""

import re
from collections.abc import Iterator

import msgspec

from passerella.errors import CommandError
from passerella.journeys.model import Journey
from passerella.language import _
from passerella.views.filter_fields import FIELDS, Test, text_of
from passerella.views.visible import visible

NOT = "-"
_TERM = re.compile(
    r"""(?P<not>-(?=\S))?
        (?: (?P<field>[^\W\d_]+) (?P<operator>>=|<=|[:<>]) (?P<value>"[^"]*"?|\S*)
          | (?P<text>"[^"]*"?|\S+) )""",
    re.VERBOSE,
)
_SHOWN = 40


class FilterError(CommandError):
    """The text is no filter.

    :ivar start: where the term that is wrong begins; ``end``, where it ends.
    """

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


class Term(msgspec.Struct, frozen=True):
    """One condition. ``field`` and ``operator`` are empty for free text."""

    field: str
    operator: str
    value: str
    negated: bool
    start: int
    end: int
    test: Test

    def holds(self, journey: Journey) -> bool:
        return self.test(journey) is not self.negated

    def __str__(self) -> str:
        value = f'"{self.value}"' if not self.value or " " in self.value else self.value
        return f"{NOT if self.negated else ''}{self.field}{self.operator}{value}"


class Filter(msgspec.Struct, frozen=True):
    """Conditions that must all hold; without any, every journey passes."""

    terms: tuple[Term, ...] = ()

    def passes(self, journey: Journey) -> bool:
        return all(term.holds(journey) for term in self.terms)

    def __bool__(self) -> bool:
        return bool(self.terms)

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def parse(text: str) -> Filter:
    """:raises FilterError: some term is none; it says what was expected."""
    return Filter(tuple(_term(match) for match in _matches(text)))


def so_far(text: str, position: int) -> tuple[Filter, FilterError | None]:
    """What can be applied while ``text`` is being written, and what is wrong with the rest.

    The terms that are whole; not the one at ``position`` if it may become a field, as «sta» may become «stato:».
    """
    terms: list[Term] = []
    wrong: FilterError | None = None
    for match in _matches(text):
        if _may_become_a_field(match, position):
            continue
        try:
            terms.append(_term(match))
        except FilterError as error:
            wrong = wrong or error
    return Filter(tuple(terms)), wrong


def _may_become_a_field(match: "re.Match[str]", position: int) -> bool:
    word = (match["text"] or "").casefold()
    return bool(word) and match.end() == position and any(name.startswith(word) for name in FIELDS)


def term_at(text: str, position: int) -> "re.Match[str] | None":
    """The term, whole or not, that is being written at ``position``."""
    return next((match for match in _matches(text) if match.start() <= position <= match.end()), None)


def _matches(text: str) -> Iterator["re.Match[str]"]:
    return _TERM.finditer(text)


def _term(match: "re.Match[str]") -> Term:
    negated = match["not"] is not None
    span = match.start(), match.end()
    if match["text"] is not None:
        words = _unquoted(match["text"]).casefold()
        return Term("", "", _unquoted(match["text"]), negated, *span, lambda journey: words in text_of(journey))
    name, operator, value = match["field"].casefold(), match["operator"], _unquoted(match["value"])
    field = FIELDS.get(name)
    if field is None:
        raise FilterError(_unknown(match["field"], operator), *span)
    if operator not in field.operators:
        wanted = _("Dopo «{field}» ci vuole {operators}: scrivi per esempio «{example}».").format(
            field=name, operators=_(" o ").join(field.operators), example=field.examples()[0][0]
        )
        raise FilterError(wanted, *span)
    test = field.read(operator, value)
    if test is None:
        raise FilterError(_unread(name + operator, value, field.expected()), *span)
    return Term(name, operator, value, negated, *span, test)


def _unknown(name: str, operator: str) -> str:
    return _(
        "«{name}» non è un campo: i campi sono {fields}. Se è un testo da cercare mettilo tra virgolette, "
        'per esempio "{name}{operator}".'
    ).format(name=visible(name, _SHOWN), operator=operator, fields=", ".join(FIELDS))


def _unread(before: str, value: str, expected: str) -> str:
    if not value:
        return _("Dopo «{before}» scrivi {expected}.").format(before=before, expected=expected)
    return _("Dopo «{before}» scrivi {expected}: è arrivato «{got}».").format(
        before=before, expected=expected, got=visible(value, _SHOWN)
    )


def _unquoted(text: str) -> str:
    return text[1:].removesuffix('"') if text.startswith('"') else text
