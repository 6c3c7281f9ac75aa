"""The commands for who teaches and who writes: what they print, and how they end."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from passerella.lessons.trust import trust

Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_new_lesson_says_how_to_go_on(passerella: Run, tmp_path: Path) -> None:
    done = passerella("nuova-lezione", "mie/caffe", cwd=tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, str(tmp_path / "mie" / "01-caffe"))
    assert "passerella controlla" in done.stderr
    checked = passerella("controlla", "mie", "--solo-scritto", cwd=tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "")
    again = passerella("nuova-lezione", "mie/01-caffe", cwd=tmp_path)
    assert again.returncode == 1
    assert "c'è già" in again.stderr


def test_a_path_is_listed_and_its_sheet_written(passerella: Run, tmp_path: Path) -> None:
    listed = passerella("lezioni", "--percorso", "due-ore", "--docente", "--testo")
    assert listed.returncode == 0
    assert "dal minuto 0, per" in listed.stdout
    assert "Chiedi: " in listed.stdout
    plain = passerella("lezioni", "--percorso", "due-ore", "--testo")
    assert "Chiedi: " not in plain.stdout
    sheet = tmp_path / "foglio.html"
    written = passerella("lezioni", "--percorso", "due-ore", "--foglio", str(sheet))
    assert written.returncode == 0
    assert sheet.read_text("utf-8").startswith("<!DOCTYPE html>")


def test_what_cannot_be_is_told(passerella: Run, tmp_path: Path) -> None:
    for words, said in (
        (["lezioni", "--percorso", "boh"], "Ci sono: due-ore"),
        (["lezioni", "--foglio", "x.html"], "aggiungi --percorso"),
        (["prepara", "boh"], "Ci sono: due-ore"),
        (["valigetta", "--per", "dos", str(tmp_path / "v")], "non è un sistema che conosco"),
    ):
        done = passerella(*words, cwd=tmp_path)
        assert done.returncode != 0
        assert said in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_what_would_move_the_cursor_is_a_sign_in_words_too(passerella: Run, tmp_path: Path) -> None:
    """A course may come from anybody."""
    passerella("nuova-lezione", "mie/caffe", cwd=tmp_path)
    page = tmp_path / "mie" / "01-caffe" / "domanda.md"
    page.write_text("# Titolo\x1b[2J\n\nTesto \x1b]0;mio\x07 e \u202e rosso.\n", encoding="utf-8")
    trust(tmp_path / "mie")
    said = passerella("lezioni", "1", "--testo", "--cartella", "mie", cwd=tmp_path).stdout
    assert "Titolo␛[2J" in said
    assert "Testo ␛]0;mio" in said
    assert not set(said) & {"\x1b", "\x07", "\u202e"}
