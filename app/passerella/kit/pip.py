"""pip, asked for wheels."""

import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from email.parser import BytesHeaderParser
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

from passerella.errors import ContentError
from passerella.kit.resolving import Package
from passerella.kit.targets import Job
from passerella.language import _

_LAST_WORDS = 1500


class Downloader:
    """Puts the wheels of one job in ``folder``; asks for the versions that are installed here, which were tried together."""

    def __init__(self, job: Job, folder: Path) -> None:
        self._job = job
        self._folder = folder

    def fetch(self, wanted: Sequence[Requirement]) -> Mapping[str, Package]:
        """All of them at once; when that fails one by one, to find one that goes or to say which does not."""
        here = self._here_already(wanted)
        missing = [each for each in wanted if canonicalize_name(each.name) not in here]
        return {**here, **(self._download(missing) if missing else {})}

    def _here_already(self, wanted: Sequence[Requirement]) -> dict[str, Package]:
        """What was downloaded for another computer and goes on any."""
        pins = {(canonicalize_name(each.name), _installed(each)) for each in wanted}
        found: dict[str, Package] = {}
        for wheel in self._folder.glob("*-none-any.whl"):
            name, version, _build, _tags = parse_wheel_filename(wheel.name)
            if (name, str(version)) in pins:
                found[name] = read_wheel(wheel)
        return found

    def _download(self, wanted: Sequence[Requirement]) -> Mapping[str, Package]:
        try:
            return self._ask([_pinned(each) for each in wanted])
        except ContentError:
            if len(wanted) == 1:
                word = _plain(wanted[0])  # the version that is installed here may not be made for there
                if word == _pinned(wanted[0]):
                    raise
                return self._ask([word])
            found: dict[str, Package] = {}
            for each in wanted:
                found |= self._download([each])
            return found

    def _ask(self, words: Sequence[str]) -> Mapping[str, Package]:
        with tempfile.TemporaryDirectory(prefix="passerella-") as folder:
            run(self._job.download(words, folder))
            found: dict[str, Package] = {}
            for wheel in sorted(Path(folder).glob("*.whl")):
                package = read_wheel(wheel)
                found[canonicalize_name(package.name)] = package
                (self._folder / wheel.name).write_bytes(wheel.read_bytes())
            return found


def run(words: Sequence[str]) -> None:
    """Run pip. :class:`ContentError` with its last words when it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise ContentError(
            _("pip non ci riesce: serve la rete, e un pacchetto già pronto per quel sistema."),
            done.stderr[-_LAST_WORDS:],
        )


def read_wheel(path: Path) -> Package:
    """What a wheel says of itself."""
    name, version, _build, _tags = parse_wheel_filename(path.name)
    with zipfile.ZipFile(path) as wheel:
        inner = next(each for each in wheel.namelist() if each.endswith(".dist-info/METADATA"))
        headers = BytesHeaderParser().parsebytes(wheel.read(inner))
    return Package(str(name), str(version), [str(each) for each in headers.get_all("Requires-Dist", [])])


def _installed(wanted: Requirement) -> str:
    """The version that is installed here, where it goes; else nothing."""
    try:
        here = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return ""
    return here if wanted.specifier.contains(here, prereleases=True) else ""


def _pinned(wanted: Requirement) -> str:
    here = _installed(wanted)
    return f"{wanted.name}=={here}" if here else _plain(wanted)


def _plain(wanted: Requirement) -> str:
    return f"{wanted.name}{wanted.specifier}"
