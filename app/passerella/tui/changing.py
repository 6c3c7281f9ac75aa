"""Another server, another app, other options, without leaving the lab."""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from passerella.errors import CommandError
from passerella.language import _
from passerella.scenarios import SCENARIOS
from passerella.servers import SERVERS
from passerella.servers.fronts.model import DEFAULT, OVER_TCP, OVER_UNIX, RECOMMENDED
from passerella.servers.model import CALLED
from passerella.session.starting import CONFIGURATION, OVER
from passerella.tui.ask_file import AskFile
from passerella.tui.chooser import Choice, Chooser
from passerella.tui.source import Change
from passerella.views.visible import visible

if TYPE_CHECKING:
    from passerella.tui.lab import Lab

_NAMES = ("app", "application")
_MAKERS = ("create_app", "make_app")  # those that «flask run» looks for
_FRAMEWORKS = frozenset(("Flask", "FastAPI", "Starlette"))


def choose_scenario(lab: "Lab") -> None:
    choices = [Choice(each.id, each.title, each.shows, also=each.id) for each in SCENARIOS.values()]

    def start(name: str | None) -> None:
        if name is not None:
            lab.start(Change(scenario=name))

    lab.app.push_screen(
        Chooser(_("Scegli lo scenario"), choices, about_below=True, begin=lab.live.running.scenario), start
    )


def running_title(running: Change) -> str:
    """What it is called where one comes back to it: «Gunicorn con Flask», and the server if it is another one."""
    if running.scenario not in SCENARIOS:
        return " · ".join(part for part in (running.app, running.server) if part)
    scenario = SCENARIOS[running.scenario]
    another = running.server not in ("", scenario.server)
    return f"{scenario.title} · {SERVERS[running.server].title}" if another else scenario.title


def choose_server(lab: "Lab") -> None:
    """The same app on another server that speaks its interface."""
    running = lab.live.running
    if not running.scenario and not running.app:
        lab.notify(_("Questo è un comando tuo: il server lo scegli tu quando lo scrivi."), markup=False)
        return
    interface = SCENARIOS[running.scenario].interface if running.scenario else _interface(running.server)
    choices = [
        Choice(name, each.title, _("è questo") if name == running.server else "")
        for name, each in SERVERS.items()
        if interface in each.interfaces and not each.inside and (each.making or not running.app.endswith(CALLED))
    ]

    def start(name: str | None) -> None:
        if name is not None:
            lab.start(replace(running, server=name, choices={}))

    lab.app.push_screen(Chooser(_("Scegli il server"), choices, begin=running.server), start)


def choose_options(lab: "Lab") -> None:
    """Workers, threads, loop, parser: what this server lets one choose."""
    running = lab.live.running
    server = SERVERS.get(running.server)
    in_front = _choices_in_front(running)
    if server is None or not (server.choices or in_front):
        lab.notify(_("Questo server non ha opzioni da scegliere qui."), markup=False)
        return
    choices = [
        Choice(f"{name} {value}", _valued(running, name, value), _(each.why))
        for name, each in server.choices.items()
        for value in each.values
    ] + in_front
    usual = Choice("", _("come di suo"), _("nessuna opzione scelta qui"))

    def start(chosen: str | None) -> None:
        if chosen is not None:
            name, _space, value = chosen.partition(" ")
            lab.start(replace(running, choices={**running.choices, name: value} if name else {}))

    lab.app.push_screen(
        Chooser(_("Scegli le opzioni di {server}").format(server=server.title), [*choices, usual], about_below=True),
        start,
    )


def _choices_in_front(running: Change) -> list[Choice]:
    """Those of the web server in front: how it is configured, how it reaches the app's server."""
    scenario = SCENARIOS.get(running.scenario)
    if scenario is None or not scenario.front:
        return []
    from passerella.servers.fronts.every import FRONTS

    front = FRONTS[scenario.front].title
    about = {
        CONFIGURATION: {
            RECOMMENDED: _("{front} con le righe che si consigliano").format(front=front),
            DEFAULT: _("{front} com'è di suo").format(front=front),
        },
        OVER: {
            OVER_TCP: _("{front} raggiunge il server dell'app da una porta").format(front=front),
            OVER_UNIX: _("{front} raggiunge il server dell'app da un socket Unix").format(front=front),
        },
    }
    if not SERVERS[running.server].unix:
        del about[OVER]
    return [
        Choice(f"{name} {value}", _valued(running, name, value), told)
        for name, values in about.items()
        for value, told in values.items()
    ]


def trace_my_app(lab: "Lab") -> None:
    """The student's own app: a file, and the name of the app in it if it is not the usual one."""

    def start(text: str) -> None:
        lab.start(app_in_file(text))

    lab.app.push_screen(
        AskFile(
            _("Traccia la mia app"),
            _("Il file della tua applicazione, per esempio «progetto/app.py». Se non si chiama app: «app.py:mia_app»."),
            start,
            lab.live.running.app and str(Path(lab.live.running.folder, _file(lab.live.running.app))),
        )
    )


def app_in_file(text: str, home: Path | None = None) -> Change:
    """What «progetto/app.py:mia_app» asks for; the folder is the one from which its packages are imported.

    :raises CommandError: there is no such file, or no app in it.
    """
    name, _colon, attribute = text.strip().partition(".py:")
    path = (home or Path.cwd()) / Path(name if name.endswith(".py") else f"{name}.py").expanduser()
    if not name:
        raise CommandError(_("Scrivi il nome di un file, per esempio «app.py»."))
    if not path.is_file():
        raise CommandError(_("Il file {path} non c'è. Controlla come è scritto.").format(path=visible(str(path))))
    if not all(part.isidentifier() for part in [path.stem, *attribute.split(".")] if part):
        raise CommandError(
            _("«{name}» non si può importare: un nome di Python ha solo lettere, cifre e _.").format(
                name=visible(path.stem)
            )
        )
    folder, parts = path.resolve().parent, [path.stem]
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return Change(app=f"{'.'.join(parts)}:{attribute or _guessed(path)}", folder=str(folder))


def _guessed(path: Path) -> str:
    """The name that the file gives to its app, without running it."""
    import ast

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
    import ast

    if not isinstance(node, ast.Assign | ast.AnnAssign) or not isinstance(node.value, ast.Call):
        return False
    made = node.value.func
    return (made.attr if isinstance(made, ast.Attribute) else getattr(made, "id", "")) in _FRAMEWORKS


def _defined(node: object) -> list[str]:
    import ast

    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    if isinstance(node, ast.Import | ast.ImportFrom):
        return [alias.asname or alias.name for alias in node.names]
    return []


def _file(app: str) -> str:
    return app.partition(":")[0].replace(".", "/") + ".py"


def _interface(server: str) -> str:
    return next(iter(SERVERS[server].interfaces), "") if server in SERVERS else ""


def _valued(running: Change, name: str, value: str) -> str:
    """«worker 4», and whether it is so already."""
    now = running.choices.get(name) == value
    return f"{name} {value}   ● {_('adesso è così')}" if now else f"{name} {value}"
