"""Functions that the student asked to mark, ``module:function``: each becomes a step."""

from __future__ import annotations

from .hook import after_import
from .landmarks import ROWS
from .wrap import observed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_FUNCTION = type(observed)


def mark(targets: list[str]) -> None:
    """Observe each target once its module is imported; one that is not there is left."""
    patches: dict[str, list[Any]] = {}
    for target in targets:
        module, _, name = target.partition(":")
        if module and name:
            patches.setdefault(module, []).append(_patch(name))
    after_import(patches)


def _patch(name: str) -> Any:
    def patch(module: Any) -> None:
        *path, last = name.split(".")
        owner = module
        for part in path:
            owner = getattr(owner, part)
        function = owner.__dict__[last]
        if type(function) is _FUNCTION:
            setattr(owner, last, observed(ROWS["view.mark"], function))

    return patch
