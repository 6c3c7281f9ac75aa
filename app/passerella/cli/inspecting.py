"""What an app is, asked of the student's own Python before a server starts."""

import json
import subprocess
import sys
from pathlib import Path

import msgspec

from passerella.errors import StartError
from passerella.language import _
from passerella.servers import ASGI, WSGI
from passerella.session.asking import answer_of
from passerella.session.failures import explain
from passerella.session.last_words import last_words

_INSPECTOR = Path(__file__).parent.parent / "servers" / "launchers" / "inspect_app.py"
_PATIENCE = 30
_ANSWER = '{"interface": '  # how the line begins; the app may write others, before and after
# The first of these that the chosen Python has and that speaks the app's interface.
_PREFERRED = {WSGI: ("gunicorn", "waitress", "wsgiref"), ASGI: ("uvicorn",)}


class Found(msgspec.Struct):
    """What the inspector saw.

    :ivar made: it is a function of theirs that makes the app.
    :ivar servers: the versions of the servers that are installed beside it.
    """

    interface: str
    made: bool
    servers: dict[str, str]


def inspect_app(python: str, app: str, home: Path) -> Found:
    """Import the app as a server would, in a process of its own.

    :raises StartError: it cannot be served, and why.
    """
    try:
        done = answer_of([python, str(_INSPECTOR), app], home, _PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise StartError(
            _(
                "«{app}» non finisce di caricarsi. Forse il file avvia da sé un server (app.run) o ha un ciclo senza fine: "
                'metti quella parte sotto «if __name__ == "__main__":».'
            ).format(app=app),
            last_words((error.stderr or b"").decode("utf-8", "replace")),
        ) from error
    words = done.stderr.decode("utf-8", "replace")
    told = [line for line in done.stdout.decode("utf-8", "replace").splitlines() if line.startswith(_ANSWER)]
    if not words.strip() and not told:
        raise StartError(
            _(
                "«{app}» si chiude mentre viene caricato, senza un errore: forse chiama sys.exit(). "
                'Metti quella parte sotto «if __name__ == "__main__":».'
            ).format(app=app)
        )
    if not told:
        sentence = explain(words, home) or _("Il modulo dell'applicazione «{app}» non si carica.").format(app=app)
        raise StartError(sentence, last_words(words))
    found = msgspec.convert(json.loads(told[-1]), Found)
    if not found.interface:
        wrong = (
            _("«{app}» si chiama senza argomenti, ma ciò che restituisce non è un'applicazione.")
            if found.made
            else _("«{app}» non è un'applicazione.")
        )
        called = _(
            "Un'app WSGI si chiama con due argomenti (environ, start_response), una ASGI con tre (scope, receive, send)."
        )
        raise StartError(f"{wrong.format(app=app)} {called}")
    return found


def suitable_server(found: Found) -> str:
    """The server that is taken where none is asked for.

    :raises StartError: there is none in that Python.
    """
    for name in _PREFERRED[found.interface]:
        if name in found.servers and (name != "gunicorn" or sys.platform != "win32"):
            return name
    names = ", ".join(_PREFERRED[found.interface])
    raise StartError(
        _("In quel Python non c'è un server per applicazioni {interface}: installane uno tra {names}.").format(
            interface=found.interface.upper(), names=names
        )
    )
