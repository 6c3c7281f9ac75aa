"""``--al-secondo PIENI[:TUTTI]``: how much is recorded when journeys are many."""

import click

from passerella.errors import CommandError
from passerella.language import _

_MOST = 1_000_000


def read_limits(context: click.Context, parameter: click.Parameter, text: str | None) -> tuple[int, int] | None:
    """``(in full, at all)`` journeys a second; :class:`CommandError` when the text is another."""
    if text is None:
        return None
    full, colon, recorded = text.partition(":")
    numbers = [_number(full), _number(recorded) if colon else _MOST]
    if None in numbers or numbers[0] > numbers[1]:  # type: ignore[operator]  # both are numbers then
        raise CommandError(
            _(
                "«--al-secondo {text}» non va: scrivi un numero, per esempio «200», o due, «200:1000», col secondo non "
                "più piccolo del primo."
            ).format(text=text)
        )
    return numbers[0], numbers[1]  # type: ignore[return-value]


def _number(text: str) -> int | None:
    return min(int(text), _MOST) if text.isascii() and text.isdigit() and len(text) < 10 else None
