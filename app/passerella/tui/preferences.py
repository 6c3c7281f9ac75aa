"""What is remembered from one time to the next: what was traced last, the theme, whether the tour was seen.

A file that cannot be read or written changes nothing: the program goes on without it.
"""

import json
from typing import TYPE_CHECKING, Any

from passerella.settings import data_folder

if TYPE_CHECKING:
    from passerella.tui.source import Change

_NAME = "preferenze.json"
_LARGEST = 64 * 1024
_CHANGE = ("scenario", "app", "folder", "server")


def read() -> dict[str, Any]:
    """Everything that is remembered."""
    try:
        with (data_folder() / _NAME).open(encoding="utf-8") as file:
            found = json.loads(file.read(_LARGEST))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def remember(**news: object) -> None:
    """Keep these beside what is remembered already."""
    known = read()
    changed = {**known, **news}
    if changed == known:
        return
    folder = data_folder()
    partial = folder / f"{_NAME}.parziale"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial.write_text(json.dumps(changed, ensure_ascii=False, indent=1), encoding="utf-8")
        partial.replace(folder / _NAME)
    except OSError:
        return


def remember_change(change: "Change", title: str) -> None:
    """This is what was traced last; a command line of the student's own is not ours to run again."""
    if change.scenario or change.app:
        told = {name: getattr(change, name) for name in _CHANGE}
        remember(last={**told, "choices": dict(change.choices), "title": title})


def last_title() -> str:
    """What the thing that was traced last is called; empty when there is none."""
    found = _last()
    return _word(found, "title") or _word(found, "scenario") or _word(found, "app")


def last_change() -> "Change | None":
    """What was traced last, if it can still be asked for."""
    from passerella.scenarios import SCENARIOS
    from passerella.servers import SERVERS
    from passerella.tui.source import Change

    found = _last()
    words = {name: _word(found, name) for name in _CHANGE}
    choices = found.get("choices")
    known = words["server"] in ("", *SERVERS) and words["scenario"] in ("", *SCENARIOS)
    if not known or not (words["scenario"] or words["app"]):
        return None
    kept = SERVERS[words["server"]].choices if words["server"] else {}
    chosen = choices if isinstance(choices, dict) else {}
    return Change(
        **words, choices={name: value for name, value in chosen.items() if name in kept and value in kept[name].values}
    )


def last_theme() -> str:
    """The theme that was chosen last."""
    from passerella.tui.themes import DAY, NIGHT

    return DAY if read().get("theme") == DAY else NIGHT


def _last() -> dict[str, Any]:
    found = read().get("last")
    return found if isinstance(found, dict) else {}


def _word(found: dict[str, Any], name: str) -> str:
    value = found.get(name, "")
    return value if isinstance(value, str) else ""
