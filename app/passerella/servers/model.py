"""How a server is started and stopped: data, and the one walk over it that makes a command line."""

import re
import signal
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import msgspec

from passerella.errors import CommandError
from passerella.language import _, later

# Words of a command line that stand for something else.
APP = "{app}"
OPTIONS = "{options}"
PORT = "{port}"
VALUE = "{value}"

CALLED = "()"  # at the end of the name of a function that makes the app

WSGI = "wsgi"
ASGI = "asgi"

_NO_CHOICES: Mapping[str, str] = MappingProxyType({})


class Option(msgspec.Struct, frozen=True):
    """Words that Passerella adds to a command line, and why, in Italian.

    :ivar since: the first version of the server that knows them; a version that nobody told is taken for older.
    """

    words: tuple[str, ...]
    why: str
    since: tuple[int, ...] = ()


class Choice(msgspec.Struct, frozen=True):
    """Words added only when one of ``values`` is asked for."""

    words: tuple[str, ...]
    why: str
    values: tuple[str, ...]


class Server(msgspec.Struct, frozen=True, kw_only=True):
    """One way to start a server of the student's interpreter.

    :ivar distribution: its name on PyPI, empty when it is in the standard library.
    :ivar module: what must be importable for it to start.
    :ivar arguments: what follows the interpreter, with ``APP``, ``OPTIONS`` and ``PORT`` in their places.
    :ivar stop: the signal that asks it to leave in order.
    :ivar companions: what else must be installed for it, by the names on PyPI.
    :ivar posix_only: it does not run on Windows.
    :ivar making: what stands in the place of the app where a function makes it, ``APP`` being the function; empty: this
        server calls none.
    :ivar inside: the web server, by name, that it is a part of: then it has no command line of its own.
    :ivar unix: the words that make it listen on a Unix socket, ``VALUE`` being its path; empty: it cannot.
    """

    name: str
    title: str
    distribution: str
    module: str
    interfaces: frozenset[str]
    arguments: tuple[str, ...]
    options: tuple[Option, ...]
    choices: Mapping[str, Choice] = MappingProxyType({})
    stop: signal.Signals = signal.SIGTERM
    companions: tuple[str, ...] = ()
    posix_only: bool = False
    unix: tuple[str, ...] = ()
    making: tuple[str, ...] = ()
    inside: str = ""

    def command(
        self,
        python: str,
        app: str,
        *,
        port: int = 0,
        version: str | None = None,
        choices: Mapping[str, str] = _NO_CHOICES,
        unix: str = "",
    ) -> list[str]:
        """The command line that serves ``app`` on 127.0.0.1; port 0 is any free one.

        :param app: «module:attribute», or «module:function()» where that makes the app.

        :param version: of the server, as found in the interpreter ``python``.
        :param choices: values for some of :attr:`choices`; without them the server decides.
        :param unix: the path of a Unix socket to listen on instead, where the server can.
        """
        added = [word for words, why in self._added(port, version, choices, unix) for word in words]
        places = {APP: self._named(app), PORT: [str(port)], OPTIONS: added}
        return [python, *(word for argument in self.arguments for word in places.get(argument, [argument]))]

    def _named(self, app: str) -> list[str]:
        if not app.endswith(CALLED):
            return [app]
        if not self.making:
            raise CommandError(
                _(
                    "{server} non chiama una funzione che costruisce l'app, come «{app}»: scegli un altro server."
                ).format(server=self.title, app=app)
            )
        return [word.replace(APP, app.removesuffix(CALLED)) for word in self.making]

    def added(
        self,
        *,
        port: int = 0,
        version: str | None = None,
        choices: Mapping[str, str] = _NO_CHOICES,
        unix: str = "",
    ) -> list[tuple[str, str]]:
        """What Passerella added to the command line, each with its reason in Italian."""
        return [(" ".join(words), _(why)) for words, why in self._added(port, version, choices, unix)]

    def _added(
        self, port: int, version: str | None, choices: Mapping[str, str], unix: str
    ) -> Iterator[tuple[list[str], str]]:
        if unix and self.unix:
            yield (
                [word.replace(VALUE, unix) for word in self.unix],
                later("Ascolta su un socket Unix, un file in una cartella privata, al posto di una porta."),
            )
        for option in self.options:
            if unix and self.unix and _is_address(option):
                continue
            if option.since <= _numbers(version):
                yield [word.replace(PORT, str(port)) for word in option.words], option.why
        for name, value in choices.items():
            choice = self._choice(name, value)
            yield [word.replace(VALUE, value) for word in choice.words], choice.why

    def _choice(self, name: str, value: str) -> Choice:
        choice = self.choices.get(name)
        if choice is None:
            raise CommandError(
                _("{server} non ha la scelta «{name}»: quelle che ha sono {known}.").format(
                    server=self.title, name=name, known=", ".join(self.choices) or _("nessuna")
                )
            )
        if value not in choice.values:
            raise CommandError(
                _("Per {server} la scelta «{name}» può essere {values}: è arrivato {got}.").format(
                    server=self.title, name=name, values=", ".join(choice.values), got=repr(value)
                )
            )
        return choice


def _is_address(option: Option) -> bool:
    return any("127.0.0.1" in word or PORT in word for word in option.words)


def _numbers(version: str | None) -> tuple[int, ...]:
    """The leading numbers of a version: (27, 0, 1) for «27.0.1.post1»."""
    match = re.match(r"\d+(?:\.\d+)*", version or "")
    return tuple(int(number) for number in match[0].split(".")) if match else ()
