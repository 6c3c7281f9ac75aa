"""The words of click itself, in Italian; in English they are click's own.

click asks gettext's default catalogue, which depends on the machine's locale; here its functions are pointed at ours.
"""

import importlib

from passerella import language

_MODULES = ("core", "decorators", "exceptions", "formatting", "parser", "termui", "types", "utils")

_WORDS = {
    "Usage:": "Uso:",
    "Options": "Opzioni",
    "Commands": "Comandi",
    "Positional arguments": "Argomenti",
    "Show this message and exit.": "Mostra questo aiuto ed esce.",
    "Show the version and exit.": "Mostra la versione ed esce.",
    "%(prog)s, version %(version)s": "%(prog)s, versione %(version)s",
    "Aborted!": "Interrotto.",
    "Error: {message}": "Errore: {message}",
    "Try '{command} {option}' for help.": "Per l'aiuto scrivi: {command} {option}",
    "Missing argument": "Manca l'argomento",
    "Missing option": "Manca l'opzione",
    "Missing parameter": "Manca il parametro",
    "Missing command.": "Manca il comando.",
    "Missing parameter: {param_name}": "Manca il parametro: {param_name}",
    "Missing {param_type}": "Manca {param_type}",
    "No such command {name!r}.": "Il comando {name!r} non esiste.",
    "No such option {name!r}.": "L'opzione {name!r} non esiste.",
    "Invalid value: {message}": "Valore non valido: {message}",
    "Invalid value for {param_hint}: {message}": "Valore non valido per {param_hint}: {message}",
    "Choose from:\n\t{choices}": "Scegli tra:\n\t{choices}",
    "Option {name!r} does not take a value.": "L'opzione {name!r} non vuole un valore.",
    "Argument {name!r} takes {nargs} values.": "L'argomento {name!r} vuole {nargs} valori.",
    "Could not open file {filename!r}: {message}": "Non riesco ad aprire il file {filename!r}: {message}",
    "{name} {filename!r} does not exist.": "{filename!r} non esiste.",
    "{name} {filename!r} is a directory.": "{filename!r} è una cartella.",
    "{name} {filename!r} is a file.": "{filename!r} è un file.",
    "{name} {filename!r} is not readable.": "{filename!r} non si può leggere.",
    "{name} {filename!r} is not writable.": "{filename!r} non si può scrivere.",
    "{name} {filename!r} is not executable.": "{filename!r} non si può eseguire.",
    "{value!r} is not a valid {number_type}.": "{value!r} non è un numero che va bene.",
    "{value} is not in the range {range}.": "{value} non è nell'intervallo {range}.",
    "default: {default}": "se manca: {default}",
    "file": "il file",
    "directory": "la cartella",
    "path": "il percorso",
    "unknown error": "errore sconosciuto",
    "Got unexpected extra argument ({args})": "C'è un argomento di troppo ({args})",
    "Got unexpected extra arguments ({args})": "Ci sono argomenti di troppo ({args})",
    "Did you mean {possibility}?": "Volevi dire {possibility}?",
    "(Possible options: {possibilities})": "(Forse: {possibilities})",
    "(Did you mean one of: {possibilities}?)": "(Forse: {possibilities})",
    "{value!r} is not {choice}.": "{value!r} non è {choice}.",
    "{value!r} is not one of {choices}.": "{value!r} non è tra {choices}.",
    "Option {name!r} requires an argument.": "L'opzione {name!r} vuole un valore.",
    "Option {name!r} requires {nargs} arguments.": "L'opzione {name!r} vuole {nargs} valori.",
}


def _one(sentence: str) -> str:
    return _WORDS.get(sentence, sentence) if language.current() == language.SOURCE else sentence


def _one_or_many(one: str, many: str, count: int) -> str:
    return _one(one if count == 1 else many)


def speak() -> None:
    """Point click's own words at ours."""
    for name in _MODULES:
        module = importlib.import_module(f"click.{name}")
        if hasattr(module, "_"):
            setattr(module, "_", _one)  # noqa: B010 - mypy knows that click exports no such name
        if hasattr(module, "ngettext"):
            setattr(module, "ngettext", _one_or_many)  # noqa: B010
