"""What is remembered: whole or not at all, merged, put back."""

from pathlib import Path

import pytest

from passerella.errors import ContentError
from passerella.lessons import progress as file
from passerella.lessons.progress import Progress, Reply, Taken


def some(page: str = "due", at: float = 10.0, outcome: str = "giusta") -> Progress:
    return Progress(lessons={"prova": Taken(page, False, {"quante": Reply(outcome, [1], 1, at)})})


def test_what_is_saved_is_read_again() -> None:
    file.save(some())
    assert file.load() == some()
    assert '"esito": "giusta"' in file.progress_file().read_text(encoding="utf-8")


def test_a_write_that_breaks_leaves_what_was_there(monkeypatch: pytest.MonkeyPatch) -> None:
    file.save(some())

    def full(_number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("passerella.lessons.progress.os.fsync", full)
    with pytest.raises(ContentError, match="Non riesco a scrivere"):
        file.save(some("tre"))
    assert file.load() == some()


@pytest.mark.parametrize("broken", [b"", b"{", b"\xff\x00", b'{"versione": "uno"}', b"[]"])
def test_a_broken_file_is_set_aside_and_the_one_before_is_used(broken: bytes) -> None:
    file.save(some("prima"))
    file.save(some("dopo"))
    file.progress_file().write_bytes(broken)
    assert file.load() == some("prima")
    assert file.progress_file().with_name("progressi.json.rotto").read_bytes() == broken


def test_a_newer_version_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "nuovi.json"
    path.write_text('{"versione": 99, "lezioni": {}}', encoding="utf-8")
    with pytest.raises(ContentError, match="più nuova"):
        file.read(path)


def test_two_are_merged_with_the_latest_answers() -> None:
    mine, other = some("due", 10), some("", 20, "sbagliata")
    other.lessons["prova"].finished = True
    other.lessons["altra"] = Taken("uno")
    merged = mine.merged(other)
    assert merged.lessons["prova"].finished
    assert merged.lessons["prova"].page == "due"
    assert merged.lessons["prova"].replies["quante"].outcome == "sbagliata"
    assert other.merged(mine).lessons["prova"].replies["quante"].outcome == "sbagliata"
    assert merged.lessons["altra"].page == "uno"


def test_what_is_deleted_comes_back_once() -> None:
    file.save(some())
    file.forget()
    assert file.load() == Progress()
    assert file.restore()
    assert file.load() == some()
    assert not file.restore()
