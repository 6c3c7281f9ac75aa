"""Passerella itself as a wheel: built from its sources, or put together again from what is installed."""

import base64
import hashlib
import json
import zipfile
from importlib import metadata
from pathlib import Path

from passerella.errors import ContentError
from passerella.kit import pip
from passerella.language import _

NAME = "passerella"
_NOT_OURS = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json")
_SOURCES = Path(__file__).parents[3]


def own_wheel(folder: Path) -> Path:
    """The wheel, written in ``folder``."""
    distribution = _installed()
    if distribution is None:
        return _built(folder)
    return _repacked(distribution, folder)


def _installed() -> metadata.Distribution | None:
    """What is installed as files of its own; None in a checkout, and in one that is installed to be edited."""
    try:
        found = metadata.distribution(NAME)
    except metadata.PackageNotFoundError:
        return None
    told = json.loads(found.read_text("direct_url.json") or "{}")
    return None if told.get("dir_info", {}).get("editable") else found


def _built(folder: Path) -> Path:
    if not (_SOURCES / "pyproject.toml").is_file():
        raise ContentError(_("Non trovo i file con cui Passerella è stata installata: installala di nuovo con pip."))
    pip.run(["wheel", "--quiet", "--no-deps", f"--wheel-dir={folder}", str(_SOURCES)])
    return next(folder.glob(f"{NAME}-*.whl"))


def _repacked(distribution: metadata.Distribution, folder: Path) -> Path:
    """A wheel is a zip of files, with the list of their digests."""
    tag = next(iter((distribution.read_text("WHEEL") or "").partition("Tag: ")[2].split()), "py3-none-any")
    path = folder / f"{NAME}-{distribution.version}-{tag}.whl"
    information = f"{NAME}-{distribution.version}.dist-info"
    lines = []
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for file in distribution.files or []:
            name = file.as_posix()
            outside = not name.startswith((f"{NAME}/", f"{information}/"))
            if outside or name.endswith(".pyc") or file.name in _NOT_OURS:
                continue
            data = Path(str(file.locate())).read_bytes()
            wheel.writestr(name, data)
            digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
            lines.append(f"{name},sha256={digest},{len(data)}")
        wheel.writestr(f"{information}/RECORD", "\n".join([*lines, f"{information}/RECORD,,", ""]))
    return path
