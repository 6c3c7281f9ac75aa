"""The student's own editor, in a real terminal: it has it to itself, and gives it back."""

import shlex
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="serve uno pseudo-terminale")

_EDITOR = """
import sys, termios
told = open({told!r}, "w")
print(sys.argv[1:], sys.stdin.isatty(), bool(termios.tcgetattr(0)[3] & termios.ECHO), file=told, flush=True)
sys.stdout.write("ECCO L'EDITOR")
sys.stdout.flush()
sys.stdin.readline()
sys.exit(7)
"""


def test_the_editor_has_the_terminal_and_gives_it_back(tmp_path: Path) -> None:
    from benchmarks.terminal import Terminal

    told, editor = tmp_path / "detto", tmp_path / "nano"
    program = tmp_path / "editor.py"
    program.write_text(_EDITOR.format(told=str(told)))
    editor.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(str(program))} "$@"\n')
    editor.chmod(0o700)
    more = {"EDITOR": str(editor), "PASSERELLA_DATI": str(tmp_path / "dati"), "VISUAL": "", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "passerella.cli", "traccia", "wsgiref-wsgi", "--richiesta", "GET /"]
    with Terminal(command, more) as terminal:
        terminal.until(r"Viaggi · 1")
        for _ in range(3):
            terminal.press("\x1b[C", "passo")
        terminal.press("3", "▸3 codice")
        terminal.press("\t", "apri nell'editor")  # into the panel
        terminal.press("\r", "ECCO L'EDITOR")
        terminal.press("basta\r", "codice 7")  # the whole lab again, and how the editor ended
        terminal.press("1", "▸1 environ")
    arguments, terminal_is_one, echoes = told.read_text().rsplit(" ", 2)
    assert arguments.startswith("['+")
    assert arguments.endswith(".py']")
    assert (terminal_is_one, echoes.strip()) == ("True", "True")
