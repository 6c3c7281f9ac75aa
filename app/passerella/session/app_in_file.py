"""The app of a student's file, found without running it."""

import ast
from pathlib import Path
from typing import NamedTuple

from passerella.errors import CommandError
from passerella.language import _
from passerella.session.typed_path import typed_path
from passerella.views.visible import visible

_NAMES = ("app", "application")
_MAKERS = ("create_app", "make_app")  # those that «flask run» looks for
_FRAMEWORKS = frozenset(("Flask", "FastAPI", "Starlette"))
_CALLED = "()"


class AppInFile(NamedTuple):
    """«module:attribute», and the folder from which its packages are imported."""

    app: str
    folder: Path


def app_in_file(text: str, home: Path | None = None) -> AppInFile:
    """What «progetto/app.py:mia_app» asks for; without an attribute the file is read to find it.

    :raises CommandError: there is no such file, or no app in it.
    """
    name, _colon, attribute = text.strip().partition(".py:")
    if not name:
        raise CommandError(_("Scrivi il nome di un file, per esempio «app.py»."))
    path = (home or Path.cwd()) / typed_path(name if name.endswith(".py") else f"{name}.py")
    if not path.is_file():
        raise CommandError(_("Il file {path} non c'è. Controlla come è scritto.").format(path=visible(str(path))))
    if not all(part.isidentifier() for part in [path.stem, *attribute.removesuffix(_CALLED).split(".")] if part):
        raise not_importable(path.stem)
    folder, parts = path.resolve().parent, [path.stem]
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return AppInFile(f"{'.'.join(parts)}:{attribute or _guessed(path)}", folder)


def not_importable(name: str) -> CommandError:
    """Why no module can be called so."""
    return CommandError(
        _("«{name}» non si può importare: un nome di Python ha solo lettere, cifre e _.").format(
            name=visible(name, 120)
        )
    )


def _guessed(path: Path) -> str:
    """The name that the file gives to its app, without running it."""
    try:
        tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None) or 1
        raise CommandError(
            _("{file} non è Python valido: c'è un errore alla riga {line}.").format(file=visible(path.name), line=line)
        ) from error
    names = {name for node in tree.body for name in _defined(node)}
    made = [name for node in tree.body if _makes_an_app(node) for name in _defined(node)]
    found = next((name for name in (*_NAMES, *made[:1], *_MAKERS) if name in names), None)
    if found not in _NAMES and len(made) > 1:
        raise CommandError(
            _("In {file} ci sono più applicazioni ({names}): dopo il nome scrivi quale, «{file}:{found}».").format(
                file=visible(path.name), names=visible(", ".join(made), 200), found=visible(made[0])
            )
        )
    if found is None:
        raise CommandError(
            _("In {file} non vedo «app»: dopo il nome scrivi come si chiama, per esempio «{file}:mia_app».").format(
                file=visible(path.name)
            )
        )
    return found


def _makes_an_app(node: object) -> bool:
    """Whether it is «name = Flask(…)», with any of the frameworks that are known."""
    if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
        return False
    made = node.value.func
    return (made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")) in _FRAMEWORKS


def _defined(node: object) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    return []
