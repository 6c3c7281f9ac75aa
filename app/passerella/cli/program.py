"""``passerella``: the group of commands, and what each failure does to the exit code."""

import gc
import importlib
import os
import sys

import click

from passerella.cli.click_words import speak
from passerella.cli.language_option import choose_language, language_option
from passerella.cli.output import prepare, say, write
from passerella.errors import CommandError, PasserellaError, StartError
from passerella.language import _

USAGE_ERROR, NOT_STARTED, INTERRUPTED = 2, 3, 130

_LONGEST = 120  # characters of a name
_YOUNG = 50_000  # objects more than before, at which Python looks for garbage: what is imported is none

_COMMANDS = {
    "traccia": "passerella.cli.traccia",
    "confronta": "passerella.cli.confronta",
    "apri": "passerella.cli.apri",
    "scenari": "passerella.cli.scenari",
    "diagnosi": "passerella.cli.diagnosi",
    "lezioni": "passerella.cli.lezioni",
    "prepara": "passerella.cli.prepara",
    "progressi": "passerella.cli.progressi",
    "controlla": "passerella.cli.controlla",
    "valigetta": "passerella.cli.valigetta",
    "nuova-lezione": "passerella.cli.nuova_lezione",
}
_HELP = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


class _Commands(click.Group):
    """Finds a command's module by its name, and imports it only then."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        module = _COMMANDS.get(cmd_name)
        return importlib.import_module(module).command if module is not None else None


def program() -> click.Group:
    """The root command; without a subcommand the home screen opens."""

    @click.group(
        cls=_Commands,
        name="passerella",
        context_settings=_HELP,
        invoke_without_command=True,
        options_metavar=_("[OPZIONI]"),
        subcommand_metavar=_("COMANDO [ARGOMENTI]..."),
        help=_(
            "Guarda una richiesta vera passare dal socket al server, all'applicazione Python, alla vista e ritorno.\n\n"
            "Senza un comando apre la schermata iniziale: laboratorio, confronto, registrazioni."
        ),
    )
    @language_option()
    @click.version_option(package_name="passerella", help=_("Mostra la versione ed esce."))
    @click.pass_context
    def passerella(context: click.Context) -> None:
        if context.invoked_subcommand is None:
            _open_home(context)

    return passerella


def _open_home(context: click.Context) -> None:
    """Without a terminal there is no screen to open: what there is to know is printed."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        write(context.get_help())
        return
    from passerella.cli.doors import HomeDoors
    from passerella.tui.home_app import run_home

    run_home(HomeDoors())


def main() -> None:
    """The program's entry: no traceback reaches a person."""
    gc.set_threshold(_YOUNG)
    prepare()
    words = choose_language(sys.argv[1:])
    speak()
    sys.exit(_run(words))


def _run(words: list[str]) -> int:
    try:
        code = program().main(words, standalone_mode=False)
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        return USAGE_ERROR
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except PasserellaError as error:
        _show(error)
        return NOT_STARTED if isinstance(error, StartError) else USAGE_ERROR if isinstance(error, CommandError) else 1
    except BrokenPipeError:
        # Whoever read us has gone (as «head» does): nothing more to say, not even at the interpreter's end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        _show(_not_foreseen(error))
        return 1


def _not_foreseen(error: Exception) -> PasserellaError:
    """What the system refused of a file; else a fault of ours."""
    if isinstance(error, OSError) and error.filename is not None:
        from passerella.language.system_words import refusal
        from passerella.views.visible import visible

        path = visible(os.fsdecode(error.filename), _LONGEST)
        return PasserellaError(_("«{path}» non va: {why}.").format(path=path, why=refusal(error)))
    from passerella.tui.breakdown import BreakdownError

    return BreakdownError(error)


def _show(error: PasserellaError) -> None:
    from passerella.views.visible import visible

    say(_("Errore: {message}").format(message=error.message))
    for line in error.details.splitlines():
        say("  │ " + visible(line))
