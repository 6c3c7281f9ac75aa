"""Options that go together, to be put on more than one command."""

from collections.abc import Callable
from typing import Any, TypeVar

_Command = TypeVar("_Command", bound=Callable[..., Any])
_Put = Callable[[Callable[..., Any]], Any]


def option_group(*options: _Put) -> Callable[[_Command], _Command]:
    """A decorator that puts them all, in this order."""

    def put(command: _Command) -> _Command:
        for option in reversed(options):
            command = option(command)
        return command

    return put
