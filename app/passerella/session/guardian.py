"""A small process that outlives us just long enough to end what we started.

Run as a script, standard library only. It is the parent of every group of processes; it holds the reading end of a
pipe whose other end is ours: when that closes (we finished, crashed, or were killed) it sends TERM, then KILL, to
every group and removes the private folder.

Lines of JSON. In: ``{"op": "start", "id", "argv", "cwd", "env", "log"}``, ``{"op": "stop", "id", "signal"}``.
Out: ``{"id", "pid"}``, ``{"id", "error"}``, ``{"id", "code"}``.
"""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time

_PATIENCE = 3.0
_ATTEMPTS = 5
_SHORTLY = 0.2
_GROUPS = hasattr(os, "killpg")  # not on Windows


class Guardian:
    """The groups of processes under way."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.children: dict[int, subprocess.Popen[bytes]] = {}
        self.speaking = threading.Lock()

    def say(self, **message: object) -> None:
        with self.speaking, contextlib.suppress(OSError):
            os.write(1, (json.dumps(message) + "\n").encode("ascii"))

    def start(self, number: int, argv: list[str], cwd: str, env: dict[str, str], log: str) -> None:
        """Start a program in a group of its own, its words going to the file ``log``."""
        try:
            with open(log, "wb") as words:  # noqa: PTH123 - pathlib costs this process a fifth of its start
                child = subprocess.Popen(
                    argv,
                    cwd=cwd,
                    env=env,
                    stdin=subprocess.DEVNULL,
                    stdout=words,
                    stderr=subprocess.STDOUT,
                    start_new_session=_GROUPS,
                )
        except (OSError, ValueError) as error:
            self.say(id=number, error=f"{type(error).__name__}: {error}", errno=getattr(error, "errno", 0))
            return
        self.children[number] = child
        self.say(id=number, pid=child.pid)
        threading.Thread(target=self._wait, args=(number, child), daemon=True).start()

    def _wait(self, number: int, child: "subprocess.Popen[bytes]") -> None:
        code = child.wait()
        self.say(id=number, code=code)

    def stop(self, number: int, first: int) -> None:
        child = self.children.get(number)
        if child is not None:
            threading.Thread(target=end_groups, args=([child], first), daemon=True).start()

    def end(self) -> None:
        """End everything, then remove the folder."""
        end_groups(list(self.children.values()), signal.SIGTERM)
        for _ in range(_ATTEMPTS):  # who was killed a moment ago may have been writing in it
            shutil.rmtree(self.folder, ignore_errors=True)
            if not os.path.exists(self.folder):  # noqa: PTH110 - as above
                return
            time.sleep(_SHORTLY)


def end_groups(children: "list[subprocess.Popen[bytes]]", first: int) -> None:
    """Signal each group, wait, then kill what is left of it."""
    for child in children:
        _signal_group(child, first)
    deadline = time.monotonic() + _PATIENCE
    for child in children:
        while time.monotonic() < deadline and _group_lives(child):
            child.poll()
            time.sleep(0.02)
        if _group_lives(child):
            _signal_group(child, getattr(signal, "SIGKILL", signal.SIGTERM))
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.wait(1)


def _signal_group(child: "subprocess.Popen[bytes]", number: int) -> None:
    with contextlib.suppress(OSError):
        if _GROUPS:
            os.killpg(child.pid, number)
        elif child.poll() is None:
            child.terminate()


def _group_lives(child: "subprocess.Popen[bytes]") -> bool:
    """Whether any process of the group is left: a worker can outlive its parent."""
    if not _GROUPS:
        return child.poll() is None
    child.poll()
    try:
        os.killpg(child.pid, 0)
    except OSError:
        return False
    return True


def _outlive(number: int, frame: object) -> None:
    """Nothing: and unlike SIG_IGN it is not inherited, so that a program finds its signals as anybody would."""


def main() -> None:
    for name in ("SIGINT", "SIGHUP", "SIGQUIT", "SIGTERM"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _outlive)
    guardian = Guardian(sys.argv[1])
    try:
        for line in sys.stdin.buffer:
            order = json.loads(line)
            if order["op"] == "start":
                guardian.start(order["id"], order["argv"], order["cwd"], order["env"], order["log"])
            elif order["op"] == "stop":
                guardian.stop(order["id"], order.get("signal", signal.SIGTERM))
    finally:
        guardian.end()


if __name__ == "__main__":
    main()
