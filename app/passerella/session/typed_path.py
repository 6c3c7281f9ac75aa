"""A path that somebody typed: it may be no path at all."""

from pathlib import Path

from passerella.errors import CommandError
from passerella.language import _
from passerella.language.system_words import refusal
from passerella.views.visible import visible

_LONGEST = 120


def typed_path(text: str) -> Path:
    """Where ``text`` leads, with «~» for somebody's own folder; there need not be anything there.

    :raises CommandError: the system knows no such path.
    """
    try:
        path = Path(text).expanduser()
    except RuntimeError as error:
        raise _wrong(text, _("non so qual è la cartella personale di quell'utente")) from error
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise _wrong(text, refusal(error)) from error
    except ValueError as error:  # a NUL in it
        raise _wrong(text, _("contiene un carattere che nei nomi non può stare")) from error
    return path


def _wrong(text: str, why: str) -> CommandError:
    return CommandError(_("«{path}» non va: {why}.").format(path=visible(text, _LONGEST), why=why))
