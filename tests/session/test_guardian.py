"""What the guardian starts finds the world as anybody else would."""

import json
import sys
import time
from pathlib import Path

import pytest

from passerella.session.live import Command, Session

_TELL = (
    "import json, signal, time\n"
    "names = ('SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGTERM')\n"
    "ignored = [name for name in names if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN]\n"
    "print(json.dumps(ignored), flush=True)\n"
    "time.sleep(60)\n"
)


@pytest.mark.skipif(sys.platform == "win32", reason="i segnali di POSIX")
def test_signals_are_those_of_a_program_started_by_hand(tmp_path: Path) -> None:
    with Session(Command([sys.executable, "-c", _TELL], tmp_path), lambda batch: None) as session:
        deadline = time.monotonic() + 10
        while not session.program.words().endswith("\n") and time.monotonic() < deadline:
            time.sleep(0.02)
        ignored = json.loads(session.program.words())
        began = time.monotonic()
    # Python itself ignores what its parent ignored: ours may have been started so, but no more than that.
    assert "SIGTERM" not in ignored
    assert time.monotonic() - began < 2  # TERM was enough: nobody had to wait for KILL
    assert session.program.code == -15
