"""A web server in front of the traced one: started privately, its log read while it is written."""

import os
import secrets
import selectors
import shutil
import socket
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from passerella.errors import StartError
from passerella.events import FrontReady
from passerella.language import _
from passerella.servers.fronts.model import Front, Place
from passerella.servers.fronts.modwsgi import script
from passerella.session.channel import Hear
from passerella.session.guard import Guard, Program
from passerella.session.hosting import Hosted, copied, where_it_is, with_copied_probe
from passerella.session.last_words import last_words

_CHUNK = 256 * 1024
_PIPE_SIZE = 1024 * 1024  # bytes of log that fit while nobody reads; beyond them the web server waits
_SET_PIPE_SIZE = 1031  # F_SETPIPE_SZ, on Linux
_NOT_OURS = ("PYTHONPATH", "PYTHONHOME")


class InFront:
    """One web server, for the length of a session.

    Its log goes through a named pipe, so that each line is there the moment it is written: a line of Nginx's debug log
    has no time of its own but the second.
    """

    def __init__(
        self, front: Front, configuration: str, files: Path, folder: Path, hear: Hear, ready: Callable[[], None]
    ) -> None:
        self.front = front
        self.host = "127.0.0.1"
        self.port = 0
        self.version = ""
        self.ready = False
        self.program: Program | None = None
        self.place: Place | None = None
        self._configuration = configuration
        self._files = files
        self._folder = folder / "davanti"
        self._hear = hear
        self._became_ready = ready
        self._reserved: list[socket.socket] = []
        self._pipe = -1
        self._said = b""  # the first words of its log
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        executable = front.program()
        if executable is None:
            raise StartError(
                _("{front} non è installato. Installalo con «{command}».").format(
                    front=front.title, command=front.install
                )
            )
        self._executable = executable

    def start(self, guard: Guard, upstream: str) -> None:
        """Put it in front of ``upstream``."""
        environment = {name: value for name, value in os.environ.items() if name not in _NOT_OURS}
        self._folder.mkdir(mode=0o700)
        self._start(guard, upstream, environment, self._user())

    def start_with(self, guard: Guard, hosted: Hosted, environment: Mapping[str, str]) -> Program:
        """Start it with an app inside: nobody is behind it, and the probe speaks from it."""
        self._folder.mkdir(mode=0o700)
        user = self._user()
        if user:
            paths, environment = copied(hosted, self._folder), with_copied_probe(environment, self._folder)
        else:
            paths = where_it_is(hosted)
        path = self._folder / "app.wsgi"
        path.write_text(script(hosted.app, paths), encoding="utf-8")
        return self._start(guard, "", environment, user, str(path))

    def _start(
        self, guard: Guard, upstream: str, environment: Mapping[str, str], user: str, script: str = ""
    ) -> Program:
        """What it needs is in a folder of its own, inside the session's."""
        port, closed = self._reserve(), self._reserve()
        self.place = place = Place(
            folder=self._folder,
            port=port,
            closed=closed,
            upstream=upstream,
            files=self._copied_files(),
            log=self._folder / "registro",
            token=secrets.token_hex(12),
            configuration=self._configuration,
            user=user,
            group=_group_of(user),
            modules=self.front.modules(),
            script=script,
        )
        (self._folder / self.front.file).write_text(self.front.configured(place), encoding="utf-8")
        self._open_pipe(place.log)
        self._belongs_to(user)
        command = self.front.command(self._executable, place)
        self.program = guard.start(command, self._folder, environment)
        self._thread = threading.Thread(target=self._read, args=(place, self.program), name="registro", daemon=True)
        self._thread.start()
        return self.program

    def failure(self) -> StartError:
        """Why it ended before it served."""
        words = (self.program.words() if self.program is not None else "") + self._said.decode("utf-8", "replace")
        return StartError(
            _("{front} non è partito. Queste sono le sue ultime parole.").format(front=self.front.title),
            last_words(words),
        )

    @property
    def ended(self) -> bool:
        return self.program is not None and self.program.ended.is_set()

    def close(self) -> None:
        """Stop reading and give the ports back; the program is the guardian's to stop."""
        self._stop.set()
        if self._pipe >= 0:
            os.write(self._pipe, b"\n")  # it is open both ways: this wakes the reader
        if self._thread is not None:
            self._thread.join(2)
        if self._pipe >= 0:
            os.close(self._pipe)
            self._pipe = -1
        self._free()

    def _free(self) -> None:
        for reserved in self._reserved:
            reserved.close()
        self._reserved.clear()

    def _reserve(self) -> int:
        """A port that nobody else is given: bound, with nobody who listens. Whoever reuses addresses can listen on it."""
        reserved = socket.socket()
        reserved.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        reserved.bind((self.host, 0))
        self._reserved.append(reserved)
        port: int = reserved.getsockname()[1]
        return port

    def _user(self) -> str:
        """As root, who the workers run as: the first of those that the front wants and that are there."""
        if os.geteuid() != 0:
            return ""
        return next((name for name in self.front.users if _number_of(name) is not None), "root")

    def _copied_files(self) -> Path:
        """Its own copy of the files that it serves: its workers may not read ours."""
        copied = self._folder / "file"
        shutil.copytree(self._files, copied / "static")
        return copied

    def _belongs_to(self, user: str) -> None:
        number = _number_of(user) if user not in ("", "root") else None
        if number is None:
            return
        for path in (self._folder.parent, *self._folder.parent.rglob("*")):
            os.chown(path, number, -1)

    def _open_pipe(self, path: Path) -> None:
        os.mkfifo(path, 0o600)
        self._pipe = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        if hasattr(os, "uname") and os.uname().sysname == "Linux":
            import fcntl

            try:
                fcntl.fcntl(self._pipe, _SET_PIPE_SIZE, _PIPE_SIZE)
            except OSError:  # the system gives less
                return

    def _read(self, place: Place, program: Program) -> None:
        log = self.front.log(place.token)
        with selectors.DefaultSelector() as selector:
            selector.register(self._pipe, selectors.EVENT_READ)
            while not self._stop.is_set():
                selector.select()
                try:
                    data = os.read(self._pipe, _CHUNK)
                except BlockingIOError:
                    continue
                said = log.feed(data, time.monotonic_ns())
                if not self.ready:
                    self._said = (self._said + data)[:_CHUNK]
                if log.ready and not self.ready:
                    program.started.wait(1)
                    self._serves(place, log.version, program.pid or 0)
                if said:
                    self._hear([(program.pid or 0, event) for event in said])

    def _serves(self, place: Place, version: str, pid: int) -> None:
        """Said before anybody can send a request: what is heard afterwards is of two hops."""
        address, sees = f"{self.host}:{place.port}", self.front.sees(self._executable)
        ready = FrontReady(time.monotonic_ns(), self.front.name, version, address, place.upstream, sees)
        self._hear([(pid, ready)])
        self.version = version
        self.port = place.port
        self.ready = True
        self._became_ready()


def _group_of(user: str) -> str:
    """The name of the group of ``user``; empty when nobody is meant."""
    import grp  # not on Windows
    import pwd

    return grp.getgrgid(pwd.getpwnam(user).pw_gid).gr_name if user else ""


def _number_of(user: str) -> int | None:
    import pwd  # not on Windows

    try:
        return pwd.getpwnam(user).pw_uid
    except KeyError:
        return None
