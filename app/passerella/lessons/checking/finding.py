"""What a check says of one thing."""

from typing import Any

import msgspec


class Finding(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=False):
    """One thing checked.

    :ivar kind: ``prediction``, ``ordering``, ``comparison``, ``trace``, ``text``, ``course``.
    :ivar id: of the question, the trace, or the page.
    :ivar server: where it was run, as the lesson calls it; empty for what does not run.
    :ivar answer: the text of the choice, or of the entries in their order; None when there is none.
    :ivar skipped: it cannot run on this machine: ``message`` says why, and it is neither right nor wrong.
    """

    kind: str
    lesson: str
    id: str
    server: str = ""
    answer: Any = None
    ok: bool = True
    skipped: bool = False
    message: str = ""
    seconds: float = 0.0
