"""How a web server is put in front of another: data, and the one walk over it that writes its configuration."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import msgspec

from passerella.events import FrontSaid
from passerella.language import _

# The two configurations that can be chosen.
DEFAULT = "predefinita"
RECOMMENDED = "consigliata"
CONFIGURATIONS = (RECOMMENDED, DEFAULT)

# When a directive is there: always, or only as one of these says.
AS_ROOT = "root"
AS_USER = "utente"
OVER_TCP = "tcp"
OVER_UNIX = "unix"

_BINARY_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin")
_INDENT = "    "


class Place(msgspec.Struct, frozen=True):
    """Where a web server runs this time.

    :ivar folder: private, its own: configuration, log, temporary files; gone at the end.
    :ivar port: on 127.0.0.1, reserved for it; ``closed`` is another one, on which nobody listens.
    :ivar upstream: where the app's server listens: ``127.0.0.1:8000``, or the path of a Unix socket.
    :ivar files: the folder that it serves by itself under ``/static/``.
    :ivar log: the pipe that it writes its log to; ``token`` begins the lines that only its configuration can write.
    :ivar user: who its workers run as when it is started by root, with ``group``; empty when it is not.
    :ivar script: the file by which it finds the app that it runs inside itself; empty when it runs none.
    """

    folder: Path
    port: int
    closed: int
    upstream: str
    files: Path
    log: Path
    token: str
    configuration: str = RECOMMENDED
    user: str = ""
    group: str = ""
    modules: str = ""
    script: str = ""

    @property
    def over_unix(self) -> bool:
        return self.upstream.startswith("/")


class Directive(msgspec.Struct, frozen=True):
    """A line of a configuration, with words in braces that stand for something, and why it is there, in Italian.

    :ivar when: the conditions under which it is there, all of them: a configuration, ``AS_ROOT``, ``OVER_UNIX``…
    """

    words: str
    why: str = ""
    when: tuple[str, ...] = ()


class Log(Protocol):
    """Reads the log of a web server as it is written."""

    ready: bool
    version: str

    def feed(self, data: bytes, t: int) -> list[FrontSaid]: ...


class Front(msgspec.Struct, frozen=True, kw_only=True):
    """A web server.

    :ivar programs: what its executable may be called.
    :ivar package: the one to install on Debian and Ubuntu.
    :ivar file: the name of its configuration.
    :ivar arguments: what follows the executable, with ``{folder}`` and ``{file}`` in their places.
    :ivar opens, closes: what begins and ends a block of the configuration.
    :ivar sees: whether its log can tell each stage: asked to the executable.
    :ivar log: makes a reader of its log; given the token.
    :ivar called: its own name, beside its version.
    :ivar runs: the server, by name, that is a part of it and runs the app there; empty: it forwards to another program.
    :ivar needs: the modules without which it cannot; ``unfit`` says why it cannot in spite of them, in Italian.
    """

    name: str
    title: str
    programs: tuple[str, ...]
    package: str
    file: str
    arguments: tuple[str, ...]
    directives: tuple[Directive, ...]
    opens: str
    closes: str
    sees: Callable[[str], str]
    log: Callable[[str], Log]
    modules: Callable[[], str] = str
    users: tuple[str, ...] = ()
    called: str = ""
    runs: str = ""
    needs: tuple[str, ...] = ()
    unfit: Callable[[], str] = str

    def program(self) -> str | None:
        """The path of the executable; None when it, or a module that it needs, is not installed."""
        if any(not (Path(self.modules()) / f"mod_{name}.so").is_file() for name in self.needs):
            return None
        for name in self.programs:
            found = shutil.which(name)
            if found is not None:
                return found
            for folder in _BINARY_FOLDERS:
                path = Path(folder) / name
                if path.is_file():
                    return str(path)
        return None

    @property
    def install(self) -> str:
        """The one command that installs it."""
        return f"sudo apt-get install {self.package}"

    def command(self, program: str, place: Place) -> list[str]:
        """The command line that runs it in the foreground."""
        return [program, *(self._filled(word, place) for word in self.arguments)]

    def configured(self, place: Place) -> str:
        """The whole configuration file."""
        lines = []
        depth = 0
        for directive in self._there(place):
            words = self._filled(directive.words, place)
            depth -= bool(re.match(self.closes, words))
            lines.append(_INDENT * depth + words)
            depth += bool(re.search(self.opens, words))
        return "\n".join(lines) + "\n"

    def explained(self, place: Place) -> list[tuple[str, str]]:
        """Each directive that has a reason, with it, in Italian."""
        return [(self._filled(each.words, place), _(each.why)) for each in self._there(place) if each.why]

    def _there(self, place: Place) -> Iterator[Directive]:
        true = {place.configuration, AS_ROOT if place.user else AS_USER, OVER_UNIX if place.over_unix else OVER_TCP}
        for directive in self.directives:
            if true.issuperset(directive.when):
                yield directive

    def _filled(self, words: str, place: Place) -> str:
        meanings = {
            "{folder}": str(place.folder),
            "{file}": str(place.folder / self.file),
            "{port}": str(place.port),
            "{closed}": str(place.closed),
            "{upstream}": place.upstream,
            "{upstream port}": place.upstream.rpartition(":")[2],
            "{files}": str(place.files),
            "{log}": str(place.log),
            "{token}": place.token,
            "{user}": place.user,
            "{group}": place.group,
            "{script}": place.script,
            "{modules}": place.modules,
        }
        for name, meaning in meanings.items():
            words = words.replace(name, meaning)
        return words


def said_by(program: str, *words: str) -> str:
    """What an executable says of itself; empty when it cannot be asked."""
    try:
        done = subprocess.run([program, *words], capture_output=True, timeout=5, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return (done.stdout + done.stderr).decode("utf-8", "replace")
