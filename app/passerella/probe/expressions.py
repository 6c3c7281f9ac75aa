"""What a row reads from a call: the texts of a table made into functions of the call's arguments."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    Read = Callable[[tuple[Any, ...]], Any]


def expression(text: str, arguments: list[str], module: Any, extra: Sequence[str] = ()) -> Read | None:
    """A function of the call's arguments that gives the value of ``text``, or None when it cannot be told."""
    if not text:
        return None
    names = [*arguments, *extra]
    value = _function("lambda " + ", ".join(names) + ": " + text, module)

    def read(values: tuple[Any, ...]) -> Any:
        try:
            return value(*values)
        except Exception:
            return None

    return read


def _function(text: str, module: Any) -> Any:
    """The code says that it is of this file: what it calls, the microscope knows, is called by us."""
    return eval(compile(text, __file__, "eval"), module.__dict__ if module else {})  # noqa: S307 - ours, from a table


def captures(
    table: dict[str, str], arguments: list[str], module: Any, extra: Sequence[str] = ()
) -> Callable[[tuple[Any, ...]], dict[str, Any]] | None:
    """A function of the call's arguments that gives the dict of the row's captures."""
    if not table:
        return None
    together = ", ".join([f"{name!r}: ({text})" for name, text in table.items()])
    names = ", ".join([*arguments, *extra])
    value = _function(f"lambda {names}: {{{together}}}", module)
    readers: list[tuple[str, Any]] = [
        (name, expression(text, arguments, module, extra)) for name, text in table.items()
    ]

    def read(values: tuple[Any, ...]) -> dict[str, Any]:
        try:
            captured: dict[str, Any] = value(*values)
        except Exception:  # one of them cannot be read: the others can
            captured = {name: reader(values) for name, reader in readers}
        return captured

    return read
