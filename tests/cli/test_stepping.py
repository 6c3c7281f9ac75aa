"""``--testo --passo-passo`` on real servers: from a pipe, at a terminal, from a recording."""

import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .conftest import Run
from .typing_person import Typing, typing

SERVERS = ("gunicorn-flask", "uvicorn-fastapi")
BY_WORDS = ("--testo", "--passo-passo")
NO_BOXES = re.compile("[─-╿\x1b\r\b]")


def _stepped(scenario: str, *lines: str, env: dict[str, str] | None = None, level: str = "2") -> str:
    words = ["traccia", scenario, "-r", "GET /ciao?nome=Ada", *BY_WORDS, "--dettaglio", level]
    return _typed(words, lines, env)


def _typed(words: list[str], lines: tuple[str, ...], env: dict[str, str] | None = None, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "passerella.cli", *words],
        input="".join(line + "\n" for line in lines),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **(env or {})},
        timeout=60,
        check=False,
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout


def _rows(said: str) -> list[str]:
    """The labels of the rows that were told."""
    return re.findall(r"^(\w+ [\d.…–]+), (?:andata|ritorno):", said, re.MULTILINE)


@pytest.mark.parametrize("scenario", SERVERS)
def test_a_journey_stops_at_each_step_until_it_is_let_go(temporary: Path, scenario: str) -> None:
    said = _stepped(scenario, *["avanti"] * 60)
    assert said.count("è fermo qui.") >= 8
    assert re.search(r"Finito\. Viaggio 1: GET /ciao\?nome=Ada, 200,", said)
    labels = _rows(said)
    assert labels.index("Ponte 1") < labels.index("Vista 1") < labels.index("Vista 2")
    assert not NO_BOXES.search(said)


def test_more_detail_stops_more_often(temporary: Path) -> None:
    less, normal, more = (
        _stepped("gunicorn-flask", *["a"] * 60, level=level).count("è fermo qui.") for level in ("1", "2", "3")
    )
    assert 4 <= less < normal < more


@pytest.mark.parametrize("scenario", SERVERS)
def test_going_back_looks_and_the_journey_stays_held(temporary: Path, scenario: str) -> None:
    said = _stepped(scenario, "a", "a", "i", "i", "dove", "a", "a", "dove")
    before, after = (part for part in said.split("> dove\n")[1:])
    first, second = re.search(r"Riga (\d+) di (\d+)", before), re.search(r"Riga (\d+) di (\d+)", after)
    assert first is not None
    assert second is not None
    assert int(first[1]) == int(second[1]) - 2
    assert first[2] == second[2] == second[1]  # nothing happened meanwhile
    assert "è fermo qui" in before


def test_the_first_step_has_none_before(temporary: Path) -> None:
    assert "È il primo passo." in _stepped("gunicorn-flask", *["indietro"] * 5)


def test_what_a_key_is_and_which_bytes_gave_it(temporary: Path) -> None:
    said = _stepped("gunicorn-flask", *["avanti"] * 4, "chiavi HTTP_HOST", "byte 5", "chiavi", "chiavi inventata")
    assert re.search(r"HTTP_HOST: '127\.0\.0\.1:\d+', byte 35–\d+ \(nome 29–32\)", said)
    assert re.search(r"Byte 35–\d+ della richiesta: 127\.0\.0\.1:\d+", said)
    assert "Ha dato la chiave PATH_INFO." in said
    assert re.search(r"^environ, \d+ chiavi\.$", said, re.MULTILINE)
    assert "nessuna chiave «inventata»" in said


def test_keys_before_they_are_there(temporary: Path) -> None:
    assert "environ non c'è ancora" in _stepped("gunicorn-flask", "chiavi")
    said = _stepped("gunicorn-flask", "avanti", "avanti", "byte 40", "avanti", "avanti", "byte 40")
    before, after = said.split("> byte 40\n")[1:]
    assert "si sa al Ponte" in before
    assert "Nessuna chiave" not in said
    assert "Ha dato la chiave HTTP_HOST." in after


def test_bytes_are_told_line_by_line(temporary: Path) -> None:
    said = _stepped("gunicorn-flask", "byte", "riprendi", "byte tutti", "byte 100000", "byte boh")
    assert "byte 0–28: GET /ciao?nome=Ada HTTP/1.1␍␊" in said
    assert re.search(r"byte 0–16: HTTP/1\.1 200 OK", said)
    assert "il byte 100000 non c'è" in said
    assert "scrivi il numero di un byte" in said


def test_letting_a_journey_go_to_its_end(temporary: Path) -> None:
    said = _stepped("uvicorn-fastapi", "riprendi", "spiega", "riprendi")
    assert said.count("è fermo qui.") == 1
    assert "Finito." in said
    assert "Nessun viaggio è fermo." in said


def test_a_request_typed_is_followed(temporary: Path) -> None:
    said = _stepped("gunicorn-flask", "riprendi", 'richiesta "POST /moduli" "nome=Ada"', "r", "richiesta GET /x y z")
    assert "Viaggio 2: POST /moduli, fermo." in said
    assert "Finito. Viaggio 2: POST /moduli, 303" in said
    assert said.rstrip().count("\n> ") == 4  # the last one was refused with a sentence, and nothing ended


def test_two_journeys_wait_for_their_turn(temporary: Path) -> None:
    words = ["traccia", "uvicorn-fastapi", "-r", "GET /ciao", "--insieme", "2", *BY_WORDS]
    said = _typed(words, ("viaggio", "viaggio 2", "dove", "r", "viaggio 1", "r", "viaggio 9"))
    assert re.search("Il viaggio 2 è fermo qui", said)
    assert re.search(r"Finito\. Viaggio 2: GET /ciao, 200", said)
    assert re.search(r"Finito\. Viaggio 1: GET /ciao, 200", said)
    assert "Il viaggio 9 non c'è." in said


def test_unknown_words_are_answered_with_what_is_known(temporary: Path) -> None:
    said = _stepped("gunicorn-flask", "salta", "ri", "AIUTO", "livello 7")
    assert "Non conosco «salta». Conosco: avanti, indietro, riprendi," in said
    assert "«ri» può essere: riprendi, richiesta." in said
    assert "avanti (anche a): " in said
    assert "Scrivi «livello 1», «livello 2» o «livello 3»." in said


@pytest.mark.parametrize(("scenario", "encoding"), [*zip(SERVERS, ("cp1252", "ascii"), strict=True)])
def test_a_poor_encoding_loses_no_row(temporary: Path, scenario: str, encoding: str) -> None:
    lines = ("a", "a", "dove", "byte", "chiavi", "spiega", "r", "viaggio", "aiuto")
    rich = _stepped(scenario, *lines)
    poor = _stepped(scenario, *lines, env={"PYTHONIOENCODING": encoding})
    assert poor.count("\n") == rich.count("\n")
    assert "Ponte" in poor


def test_the_end_of_input_lets_everybody_go(temporary: Path) -> None:
    said = _stepped("gunicorn-flask", "a")
    assert "fermo qui" in said
    assert not list(temporary.glob("passerella-*"))


def test_a_server_that_dies_is_said(temporary: Path, tmp_path: Path, passerella: Run) -> None:
    (tmp_path / "muore.py").write_text(
        "import os\ndef app(environ, start_response):\n    os.kill(os.getppid(), 15)\n    os._exit(3)\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "gunicorn", "-b", "127.0.0.1:0", "--no-control-socket", "--chdir", str(tmp_path)]
    said = _typed(["traccia", *BY_WORDS, "-r", "/", "--", *command, "muore:app"], ("r",) * 3, code=4)
    assert "fermo qui" in said


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--passo-passo"], "insieme a --testo"),
        (["--json", "--passo-passo"], "insieme a --testo"),
        ([*BY_WORDS, "--ferma", "ponte"], "togli --ferma"),
        ([*BY_WORDS, "--corsie"], "--corsie"),
        ([*BY_WORDS, "--microscopio"], "--microscopio"),
    ],
)
def test_what_it_does_not_go_with(passerella: Run, words: list[str], sentence: str) -> None:
    done = passerella("traccia", "wsgiref-wsgi", *words)
    assert done.returncode == 2
    assert sentence in done.stderr


def test_a_recording_is_stepped_without_holding(temporary: Path, tmp_path: Path) -> None:
    saved = tmp_path / "due.passerella"
    words = ["traccia", "gunicorn-flask", "-r", "GET /ciao?nome=Ada", "-r", "GET /no", *BY_WORDS, "--salva", str(saved)]
    live = _typed(words, ("r", "a", "r"))
    assert "Finito. Viaggio 2: GET /no, 404" in live
    lines = (*["avanti"] * 40, "indietro", "chiavi PATH_INFO", "riprendi", "richiesta /", "viaggio 2", "livello 1", "a")
    said = _typed(["apri", str(saved), *BY_WORDS], lines)
    assert "fermo qui" not in said
    assert re.search(r"È l'ultimo passo\. Viaggio 1: GET /ciao\?nome=Ada, 200,", said)
    assert "PATH_INFO: '/ciao'" in said
    assert said.count("Questa è una registrazione") == 2
    assert re.search(r"^Viaggio 2: GET /no, 404,", said, re.MULTILINE)
    only = _typed(["apri", str(saved), *BY_WORDS, "--viaggio", "2"], ("viaggio",))
    assert "Viaggio 1" not in only


@pytest.mark.parametrize("scenario", SERVERS)
def test_at_a_terminal(temporary: Path, scenario: str) -> None:
    with typing("traccia", scenario, "-r", "GET /ciao?nome=Ada", *BY_WORDS) as person:
        person.until(r"fermo qui.*\n> ")
        person.type("avanti\n")
        person.until(r"fermo qui.*\n> ")
        person.type("\n")
        person.until(r"fermo qui.*\n> ")
        person.type("riprendi\n")
        person.until(r"Finito\. Viaggio 1: GET /ciao\?nome=Ada, 200.*\n> ")
        person.type("esci\n")
        assert person.ends() == 0
        assert not NO_BOXES.search(person.said)


def test_a_journey_from_outside_is_said_at_the_prompt(temporary: Path) -> None:
    with typing("traccia", "uvicorn-fastapi", *BY_WORDS) as person:
        port = _port(person)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            person.until(r"\nViaggio 1: GET /ciao\?nome=Ada, fermo\.\n")
            person.until("> ")
            person.type("r\n")
            assert b"Ada" in b"".join(iter(lambda: client.recv(65536), b""))
        person.type("\x04")
        assert person.ends() == 0


def _port(person: Typing) -> int:
    return int(re.findall(r"127\.0\.0\.1:(\d+)", person.until(r"127\.0\.0\.1:\d+\n(?s:.)*> "))[0])


@pytest.mark.parametrize("scenario", SERVERS)
def test_ctrl_c_releases_and_leaves_nothing(temporary: Path, scenario: str) -> None:
    with typing("traccia", scenario, *BY_WORDS) as person:
        port = _port(person)
        with socket.create_connection(("127.0.0.1", port)) as client:
            client.sendall(b"GET /ciao?nome=Ada HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            person.until("fermo qui")
            person.until("> ")
            person.type("\x03")
            assert person.ends() == 130
    assert _refused(port)
    assert not list(temporary.glob("passerella-*"))
    assert "Traceback" not in person.said


def _refused(port: int) -> bool:
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            return True
        time.sleep(0.05)
    return False
