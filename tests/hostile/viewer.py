"""A viewer to be killed: runs a session on the command line it is given, says where it is, and waits."""

import sys
from pathlib import Path

from passerella.session.live import Command, Session

if __name__ == "__main__":
    session = Session(Command(sys.argv[2:], Path(sys.argv[1])), lambda batch: None)
    session.wait_ready()
    print(session.port, session._folder, session._guard._process.pid, flush=True)  # noqa: T201
    sys.stdin.read()
