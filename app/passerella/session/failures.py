"""Why a server did not start, in a sentence with its remedy, from the last words it left."""

import re
from collections.abc import Callable
from pathlib import Path

from passerella.language import _

Explain = Callable[[re.Match[str], Path], str]


def _missing_module(match: re.Match[str], folder: Path) -> str:
    name = match["name"]
    if (folder / name.partition(".")[0]).is_dir() and not (folder / f"{name}.py").exists():
        return _folder_taken(match, folder)
    return _(
        "Manca il modulo «{name}»: questo Python non lo trova. "
        "Se è un tuo file, avvia il comando dalla cartella che lo contiene; "
        "se è una libreria, installala con «python -m pip install {name}»."
    ).format(name=name)


def _server_not_installed(match: re.Match[str], folder: Path) -> str:
    return _("«{name}» non è installato in {python}. Installalo con «{python} -m pip install {name}».").format(
        name=match["name"], python=match["python"]
    )


def _missing_attribute(match: re.Match[str], folder: Path) -> str:
    module, name = match["module"], match["name"]
    if (folder / module.partition(".")[0]).is_dir() and not (folder / f"{module}.py").exists():
        return _folder_taken(match, folder)
    return _(
        "Il modulo «{module}» c'è, ma non contiene «{name}». "
        "Controlla il nome della variabile che tiene l'applicazione e scrivi «{module}:quel_nome»."
    ).format(module=module, name=name)


def _folder_taken(match: re.Match[str], folder: Path) -> str:
    groups = match.groupdict()
    name = (groups.get("module") or groups["name"]).partition(".")[0]
    return _(
        "Python ha preso per modulo la cartella «{name}/», che non contiene l'applicazione. "
        "Indica il file giusto (per esempio «{name}.main:app») oppure avvia il comando da un'altra cartella."
    ).format(name=name)


def _syntax_error(match: re.Match[str], folder: Path) -> str:
    return _("C'è un errore di sintassi in {file}, riga {line}: {error}. Correggi la riga e riprova.").format(
        file=Path(match["file"]).name, line=match["line"], error=match["error"].strip()
    )


def _port_in_use(match: re.Match[str], folder: Path) -> str:
    return _(
        "La porta è già occupata da un altro programma. Chiudilo, oppure scegli un'altra porta "
        "(con la porta 0 il sistema ne sceglie una libera)."
    )


def _no_permission(match: re.Match[str], folder: Path) -> str:
    return _(
        "Il sistema non permette di usare quella porta: le porte sotto la 1024 sono riservate. Scegline una più alta."
    )


_SYNTAX = r'File "(?P<file>[^"\n]+)", line (?P<line>\d+)\n(?:.*\n){1,3}?\s*(?:SyntaxError|IndentationError|TabError): (?P<error>.+)'

# The first that is found explains: from the most precise to the most generic. Compiled when something failed.
_SIGNS: tuple[tuple[str, Explain], ...] = (
    (_SYNTAX, _syntax_error),
    (
        r"(?m)^(?P<python>.*python[\d.]*(?:\.exe)?): No module named '?(?P<name>[\w.]+)'?",
        _server_not_installed,
    ),
    (r"Could not import module \"(?P<name>[\w.]+)\"", _missing_module),
    (r"Attribute \"(?P<name>[^\"]+)\" not found in module \"(?P<module>[\w.]+)\"", _missing_attribute),
    (r"Failed to find attribute '(?P<name>[^']+)' in '(?P<module>[\w.]+)'", _missing_attribute),
    (r"module '(?P<module>[\w.]+)' has no attribute '(?P<name>\w+)'", _missing_attribute),
    (r"Bad module '(?P<name>[\w.]+)'", _missing_module),
    (r"No module named '?(?P<name>[\w.]+)'?", _missing_module),
    (r"(?i)address already in use|Connection in use|\[Errno 98\]|WinError 10048", _port_in_use),
    (r"(?i)\[Errno 13\]|Permission denied", _no_permission),
)


def explain(words: str, folder: Path) -> str:
    """An Italian sentence for what ``words``, a program's last ones, tell; empty when they tell nothing known."""
    for pattern, sentence in _SIGNS:
        match = re.search(pattern, words)
        if match is not None:
            return sentence(match, folder)
    return ""
