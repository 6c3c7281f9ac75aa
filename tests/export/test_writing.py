"""Text and JSON exports are what the commands print."""

import json
from pathlib import Path

from passerella.export.jsonlines import journey_lines
from passerella.export.writing import FORMATS, Origin, write_export
from passerella.journeys.model import Journey
from passerella.views.sentences import tell


def test_text_and_json(tmp_path: Path, journey: Journey, origin: Origin) -> None:
    write_export("testo", tmp_path / "a.txt", [journey], origin)
    assert (tmp_path / "a.txt").read_text("utf-8").splitlines()[:-1] == list(tell(journey))
    write_export("json", tmp_path / "a.json", [journey], origin)
    first, *lines = (tmp_path / "a.json").read_text("ascii").splitlines()
    assert json.loads(first)["kind"] == "session"
    assert json.loads(first)["server"]["name"] == "gunicorn"
    assert lines == list(journey_lines(journey, 0))


def test_every_kind_survives_a_hostile_journey(tmp_path: Path, hostile: Journey, origin: Origin) -> None:
    for kind in FORMATS:
        path = tmp_path / kind
        write_export(kind, path, [hostile], origin)
        text = path.read_text("utf-8")
        assert "\x1b" not in text
        assert "\x00" not in text
