"""The folder for a stick: wheels, recordings, what starts it, and what to read."""

import hashlib
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from passerella.errors import ContentError
from passerella.kit.own_wheel import NAME, own_wheel
from passerella.kit.pip import Downloader, read_wheel
from passerella.kit.resolving import Fetch, Package, applies, closure
from passerella.kit.targets import Job
from passerella.language import _

WHEELS, PINS, RECORDINGS = "pacchetti", "requisiti", "registrazioni"
_FILES = Path(__file__).parent / "files"
_OPTIONAL = "server"  # the extra with the other servers: what cannot be had for a system is left out
_WINDOWS_ENDS = (".bat", ".txt")


class Packed(msgspec.Struct, frozen=True):
    """What is there for one kind of computer and one Python; ``left_out`` are the optional packages that are not."""

    job: Job
    packages: int
    left_out: list[str]


def pack(jobs: Sequence[Job], folder: Path, recordings: Path, tell: Callable[[str], None]) -> list[Packed]:
    """Fill ``folder``, which must be new or empty.

    :raises ContentError: something cannot be had, or written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ContentError(_("{folder} non è vuota: scegli una cartella nuova.").format(folder=folder))
    for name in (WHEELS, PINS):
        (folder / name).mkdir(parents=True, exist_ok=True)
    tell(_("Faccio il pacchetto di Passerella…"))
    own = own_wheel(folder / WHEELS)
    packed = []
    for job in jobs:
        tell(_("Scarico per {name}…").format(name=job.name))
        packed.append(_pack(job, folder, own))
    if recordings.is_dir():
        shutil.copytree(recordings, folder / RECORDINGS)
    _write_files(jobs, folder)
    return packed


def _pack(job: Job, folder: Path, own: Path) -> Packed:
    passerella = read_wheel(own)
    fetch = Downloader(job, folder / WHEELS).fetch
    base, optional = wanted(passerella, job)
    found: Mapping[str, Package] = closure(base, job.environment, fetch)
    found, left_out = _with_optional(base, optional, found, job, fetch)
    digest = hashlib.sha256(own.read_bytes()).hexdigest()
    (folder / PINS / f"{job.name}.txt").write_text(pins(passerella, digest, found), encoding="utf-8")
    return Packed(job, len(found) + 1, left_out)


def _with_optional(
    base: Sequence[Requirement],
    optional: Sequence[Requirement],
    found: Mapping[str, Package],
    job: Job,
    fetch: Fetch,
) -> tuple[Mapping[str, Package], list[str]]:
    """With what is optional: all of it where it goes, else what goes; and the names of what does not."""
    try:
        return closure([*base, *optional], job.environment, _known_first(found, fetch)), []
    except ContentError:
        left_out = []
    for each in optional:
        try:
            found = {**found, **closure([*base, each], job.environment, _known_first(found, fetch))}
        except ContentError:
            left_out.append(each.name)
    return found, left_out


def wanted(passerella: Package, job: Job) -> tuple[list[Requirement], list[Requirement]]:
    """What Passerella needs on that computer, and what it can do without; their conditions are met."""
    base: list[Requirement] = []
    optional: list[Requirement] = []
    for text in passerella.requires:
        requirement = Requirement(text)
        needed = applies(requirement, job.environment)
        if needed or applies(requirement, job.environment, _OPTIONAL):
            requirement.marker = None
            (base if needed else optional).append(requirement)
    return base, optional


def _known_first(found: Mapping[str, Package], fetch: Fetch) -> Fetch:
    """What is there already is not asked for again."""

    def ask(requirements: Sequence[Requirement]) -> Mapping[str, Package]:
        names = [canonicalize_name(each.name) for each in requirements]
        new = [each for name, each in zip(names, requirements, strict=True) if name not in found]
        here: dict[str, Package] = {name: found[name] for name in names if name in found}
        return {**here, **(fetch(new) if new else {})}

    return ask


def pins(passerella: Package, digest: str, found: Mapping[str, Package]) -> str:
    """A file of requirements: these versions and no others. Another build of Passerella makes another file."""
    lines = [f"# {NAME} sha256 {digest}", f"{NAME}=={passerella.version}"]
    return "\n".join([*lines, *(f"{each.name}=={each.version}" for _name, each in sorted(found.items())), ""])


def _write_files(jobs: Sequence[Job], folder: Path) -> None:
    """The scripts and what to read, with what this stick is for. A line on Windows ends in its own way."""
    words = {
        "@PYTHON@": " ".join(sorted({job.python for job in jobs}, key=_minor, reverse=True)),
        "@PER@": ", ".join(dict.fromkeys(job.target.name for job in jobs)),
    }
    for file in sorted(_FILES.iterdir()):
        text = file.read_text(encoding="utf-8")
        for mark, word in words.items():
            text = text.replace(mark, word)
        ending = "\r\n" if file.suffix in _WINDOWS_ENDS else "\n"
        path = folder / file.name
        path.write_bytes(text.replace("\n", ending).encode("utf-8"))
        path.chmod(0o755 if file.suffix == ".sh" else 0o644)


def _minor(version: str) -> int:
    return int(version.partition(".")[2])
