"""What was written is what is read, whole or broken, and whoever wrote it."""

import json
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.wire_events import PIDS, messages
from passerella.errors import ContentError
from passerella.events import Dropped, Event, Goodbye
from passerella.journeys.model import Journey
from passerella.recordings import decoding, reading
from passerella.recordings.copying import save_copy
from passerella.recordings.format import VERSION
from passerella.recordings.reading import Recording
from passerella.recordings.writing import Recorder

from .made import Said, conversation, journeys_of, process, recorded

_brief = settings(suppress_health_check=list(HealthCheck), max_examples=60)
_LEFT_OUT = {"packed", "number", "tracing"}


def three() -> list[Said]:
    return [
        *process(),
        *conversation(number=1),
        *conversation(number=2, peer="127.0.0.1:5001", pieces=[5, 30]),
        *conversation(number=3),  # the port of the first one again
    ]


def plain(journey: Journey) -> dict[str, Any]:
    fields = [name for name in journey.__struct_fields__ if name not in _LEFT_OUT]
    return {name: msgspec.to_builtins(getattr(journey, name)) for name in fields}


def test_a_recording_gives_the_journeys_of_the_live_run(tmp_path: Path) -> None:
    said = three()
    with Recording(recorded(tmp_path / "a", said)) as recording:
        assert recording.trouble == ""
        assert [journey.number for journey in recording.journeys] == [1, 2, 3]
        assert all(journey.packed is not None for journey in recording.journeys)
        for stored, live in zip(recording.journeys, journeys_of(said), strict=True):
            assert (stored.method, stored.target, stored.status) == ("GET", "/ciao?nome=Ada", 200)
            assert stored.duration == live.duration
            assert plain(stored) == plain(live)
        assert list(recording.unfinished()) == []


def test_without_summaries_the_journeys_are_found_all_the_same(tmp_path: Path) -> None:
    with Recording(recorded(tmp_path / "a", three(), told=False)) as recording:
        assert recording.journeys == []
        found = list(recording.whole_journeys())
        assert [journey.status for journey in found] == [200, 200, 200]
        assert [journey.number for journey in recording.journeys] == [1, 2, 3]
        assert list(recording.unfinished()) == []


def test_what_a_step_needs_to_be_understood_stands_before_it(tmp_path: Path) -> None:
    """A batch may name a place in the code after events of a connection, and before those that happen there."""
    said = [*process()[:-4], *conversation()[:3], *process()[-4:], *conversation()[3:], (7, Goodbye())]
    with Recording(recorded(tmp_path / "a", said, batch=len(said))) as recording:
        assert plain(recording.journeys[0]) == plain(journeys_of([*process(), *conversation(), (7, Goodbye())])[0])


def test_journeys_that_nobody_looks_at_are_closed_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_OPENED", 1)
    with Recording(recorded(tmp_path / "a", three())) as recording:
        first, second, _third = recording.journeys
        steps = len(first.steps)
        assert len(second.steps) > 0
        assert "steps" not in {name for name in first.__struct_fields__ if _there(first, name)}
        assert len(first.steps) == steps


def _there(journey: Journey, name: str) -> bool:
    try:
        msgspec.Struct.__getattribute__(journey, name)
    except AttributeError:
        return False
    return True


def test_only_its_owner_can_read_it_and_the_token_of_the_channel_is_not_in_it(tmp_path: Path) -> None:
    for masked in (True, False):
        path = recorded(tmp_path / f"a{masked}", three(), masked=masked)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert b"gettone-del-canale" not in path.read_bytes()


def test_the_lines_of_code_are_in_it_once_and_the_files_are_not_needed(tmp_path: Path) -> None:
    source = tmp_path / "a.py"
    source.write_text("".join(f"riga_{number} = {number}\n" for number in range(1, 200)))
    path = recorded(tmp_path / "a", [*process(file=str(source)), *process(8, file=str(source)), *conversation()])
    source.unlink()
    with Recording(path) as recording:
        lines = recording.code(str(source))
        assert lines[3] == "riga_3 = 3"
        assert 150 not in lines
    assert path.read_bytes().count(b"riga_3 = 3") == 1


def test_opening_never_reads_a_file_that_it_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = tmp_path / "segreto.py"
    path = recorded(tmp_path / "a", [*process(file=str(named)), *conversation()])
    named.write_text("non leggermi\n" * 9)
    with Recording(path) as recording:
        journeys = list(recording.whole_journeys())
        assert len(journeys[0].steps) > 5
        assert recording.code(str(named)) == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"PK\x03\x04",
        b"[1,2]\n",
        b"{}",
        b'["passerella"]\n',
        b'["passerella","1"]\n',
        b"\xff" * 99,
        b"[" * 100_000,
    ],
)
def test_what_is_no_recording_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a"
    path.write_bytes(content)
    with pytest.raises(ContentError, match="registrazione"):
        Recording(path)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path, says in ((tmp_path / "nessuno", "Non trovo"), (tmp_path, "è una cartella")):
        with pytest.raises(ContentError, match=says):
            Recording(path)


def test_of_journeys_that_are_all_lost_it_is_not_said_that_the_rest_is_here(tmp_path: Path) -> None:
    whole = recorded(tmp_path / "a", three()).read_bytes()
    first, _end, rest = whole.partition(b"\n")
    cut = tmp_path / "tagliata"
    cut.write_bytes(first + b"\n" + rest[:40])
    with Recording(cut) as recording:
        assert recording.journeys == []
        assert "non è rimasto niente" in recording.trouble
    cut.write_bytes(whole[:-5])
    with Recording(cut) as recording:
        assert recording.journeys
        assert "Il resto è qui" in recording.trouble


def test_a_version_that_is_not_known_is_refused(tmp_path: Path) -> None:
    path = recorded(tmp_path / "a", three())
    for version in (VERSION + 1, 0, -1, 10**30):
        first, rest = path.read_bytes().split(b"\n", 1)
        fields = [*json.loads(first)]
        fields[1] = version
        path.write_bytes(json.dumps(fields).encode() + b"\n" + rest)
        with pytest.raises(ContentError, match="versione"):
            Recording(path)


def test_an_older_version_is_converted_line_by_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As if today's format were the second one, and the first had called «evento» what is «events»."""
    path = recorded(tmp_path / "a", three())
    path.write_bytes(path.read_bytes().replace(b'["events",', b'["evento",'))

    def convert(line: list[Any]) -> list[Any]:
        return ["events", *line[1:]] if line[0] == "evento" else line

    monkeypatch.setattr(decoding, "VERSION", 2)
    monkeypatch.setitem(decoding.CONVERTERS, 1, convert)
    with Recording(path) as recording:
        assert recording.trouble == ""
        assert [len(journey.steps) > 5 for journey in recording.journeys] == [True] * 3


def test_truncated_at_every_byte_it_gives_what_there_was(tmp_path: Path) -> None:
    whole = recorded(tmp_path / "a", [*process(), *conversation()], batch=5).read_bytes()
    path = tmp_path / "b"
    first_line = whole.index(b"\n")
    most = 0
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        if length < first_line:
            with pytest.raises(ContentError):
                Recording(path)
            continue
        with Recording(path) as recording:
            assert recording.trouble != ""
            found = [len(journey.steps) for journey in recording.whole_journeys()]
            assert len(found) <= 1
            assert sum(found) >= most  # more bytes never give less
            most = sum(found)
    assert most > 5


@_brief
@given(st.data())
def test_flipped_bits_never_bring_it_down(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    path = tmp_path_factory.mktemp("r") / "a"
    content = bytearray(recorded(path, three()).read_bytes())
    for at in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=6)):
        content[at] ^= 1 << data.draw(st.integers(0, 7))
    path.write_bytes(content)
    _opens_or_refuses(path)


_LIES = (
    b'["journey","127.0.0.1:5000",1,1,"127.0.0.1:5000#1",1,"http","wsgi","GET","/",200,"",7,0,99999999999999999999999,0,0,0,true,true,true,0]\n',
    b'["journey","",0,1,"x#99999999999999999999999999",1,"http",null,null,null,null,"",0,5,1,0,0,0,false,false,false,0]\n',
    b'["code","/etc/passwd",1,["x"]]\n', b'["code","f",4611686018427387904,["a","b"]]\n',
    b'["events","a",[[7,["recv",1,1,1,"",1,1,2,0,9007199254740993,"GET"]]]]\n',
    b'["events","a",[[7,["recv",1,1,1,"",1,1,2,0,1e999,"GET"]]]]\n',
    b'["events","a",[[7,["boh"]]]]\n', b'["events","a",' + b"[" * 5000 + b"]" * 5000 + b"]\n",
    b'["events","a",[[7,["enter",1,1,1,"",1,1,5,{"x":' + b"[" * 900 + b"]" * 900 + b"}]]]]\n",
    b'["end",3]\n["end",4]\n', b'["passerella",1,0.0,0]\n', b"[]\n", b"null\n", b'["about",1,2,3]\n', b"\x00\x00\n",
    b'["journey","127.0.0.1:5000",1,4,"127.0.0.1:5000#1",1,"http","wsgi","GET","/",200,"",7,5,6,0,0,0,true,true,true,0]\n' * 3,
)  # fmt: skip


@_brief
@given(st.lists(st.sampled_from(_LIES), max_size=8), st.booleans())
def test_lies_are_read_without_harm(tmp_path_factory: pytest.TempPathFactory, lies: list[bytes], before: bool) -> None:
    path = tmp_path_factory.mktemp("r") / "a"
    lines = recorded(path, three()).read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([lines[0], *lies, *lines[1:]] if before else [*lines, *lies]))
    _opens_or_refuses(path)


@_brief
@given(st.lists(st.tuples(PIDS, messages), max_size=30), st.booleans(), st.booleans())
def test_any_event_can_be_written_and_read(
    tmp_path_factory: pytest.TempPathFactory, said: list[tuple[int, Event]], masked: bool, told: bool
) -> None:
    path = tmp_path_factory.mktemp("r") / "a"
    recorder = Recorder(path, masked=masked, started=0.0, origin=0)
    recorder.hear([*process(), *said])
    if told:
        for journey in journeys_of([*process(), *said]):
            recorder.tell(journey)
    recorder.close()
    assert recorder.error == ""
    _opens_or_refuses(path)
    save_copy(path, path.with_name("b"), masked=True)
    _opens_or_refuses(path.with_name("b"))


def _opens_or_refuses(path: Path) -> None:
    with suppress(ContentError), Recording(path) as recording:  # anything else is a fault
        for journey in recording.whole_journeys():
            assert journey.steps is not None
            recording.covered(journey)
        assert isinstance(recording.trouble, str)


def test_a_line_too_long_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = recorded(tmp_path / "a", three())
    monkeypatch.setattr(reading, "LONGEST_LINE", 700)
    lines = path.read_bytes().splitlines(keepends=True)
    long = [line for line in lines if len(line) >= 700]
    assert long
    with Recording(path) as recording:
        assert recording.unread_lines == len(long)
        assert "rovinato" in recording.trouble


def test_a_full_disk_ends_the_recording_and_not_the_session(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path / "a", masked=False, largest=3000)
    recorder.hear(three())
    recorder.hear([(7, Dropped(1))])
    recorder.close()
    assert recorder.error == "full"
    assert (tmp_path / "a").stat().st_size <= 3000
    with Recording(tmp_path / "a") as recording:
        assert "si interrompe" in recording.trouble


def test_a_copy_has_the_same_journeys(tmp_path: Path) -> None:
    source = recorded(tmp_path / "a", three())
    for told in (True, False):
        source = recorded(tmp_path / "a", three(), told=told)
        save_copy(source, tmp_path / "b", masked=False)
        with Recording(source) as one, Recording(tmp_path / "b") as other:
            assert len(other.journeys) == 3
            assert [plain(each) for each in one.whole_journeys()] == [plain(each) for each in other.whole_journeys()]
    assert not (tmp_path / "b.parziale").exists()
