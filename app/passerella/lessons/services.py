"""A second program that a lesson starts beside its app: the database, or the other service, that the app waits for."""

import os
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from passerella.errors import StartError
from passerella.language import _
from passerella.session.guard import Guard
from passerella.session.live import own_python

VARIABLE = "SERVIZIO"  # where the app finds its address
_ADDRESS = re.compile(r"^127\.0\.0\.1:\d+$", re.MULTILINE)
_PATIENCE = 10.0
_TICK = 0.02


@contextmanager
def service(program: str, folder: Path) -> Iterator[dict[str, str]]:
    """Run ``program`` of ``folder``; it says its address on a line of its own, and that goes into the environment.

    It ends when this does, and when we are killed too.

    :raises StartError: it ended, or said no address in time.
    """
    if not program:
        yield {}
        return
    guard = Guard(Path(tempfile.mkdtemp(prefix="passerella-")))
    try:
        started = guard.start([own_python(), "-u", program], folder, os.environ)
        deadline = time.monotonic() + _PATIENCE
        while (said := _ADDRESS.search(started.words())) is None:
            if started.ended.is_set() or time.monotonic() > deadline:
                raise StartError(
                    _("Il servizio «{program}» non ha detto dove ascolta («127.0.0.1:PORTA»).").format(program=program),
                    started.words(),
                )
            time.sleep(_TICK)
        yield {VARIABLE: said[0]}
    finally:
        guard.close()
