"""The computers that a stick can be for. Pure."""

from collections.abc import Sequence

import msgspec

from passerella.errors import CommandError
from passerella.language import _

PYTHONS = ("3.11", "3.12", "3.13", "3.14")


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of computer.

    :ivar platforms: the tags of the wheels that run on it, as pip calls them.
    :ivar markers: what ``sys_platform`` and its like are on it; pip itself would say those of the machine it runs on.
    """

    name: str
    platforms: Sequence[str]
    markers: dict[str, str]


def _target(name: str, os: tuple[str, str, str], machine: str, *platforms: str) -> Target:
    sys_platform, platform_system, os_name = os
    return Target(
        name=name,
        platforms=platforms,
        markers={
            "sys_platform": sys_platform,
            "platform_system": platform_system,
            "os_name": os_name,
            "platform_machine": machine,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        },
    )


_LINUX, _MAC, _WINDOWS = ("linux", "Linux", "posix"), ("darwin", "Darwin", "posix"), ("win32", "Windows", "nt")


def _glibc(machine: str) -> list[str]:
    return [f"manylinux2014_{machine}", *(f"manylinux_2_{minor}_{machine}" for minor in (17, 24, 26, 27, 28))]


TARGETS = {
    each.name: each
    for each in (
        _target("windows", _WINDOWS, "AMD64", "win_amd64"),
        _target("linux", _LINUX, "x86_64", *_glibc("x86_64")),
        _target("linux-arm", _LINUX, "aarch64", *_glibc("aarch64")),
        _target("mac", _MAC, "arm64", "macosx_14_0_arm64"),
        _target("mac-intel", _MAC, "x86_64", "macosx_13_0_x86_64"),
    )
}


class Job(msgspec.Struct, frozen=True):
    """What is to be downloaded for one kind of computer and one Python."""

    target: Target
    python: str

    @property
    def name(self) -> str:
        return f"{self.target.name}-{self.python}"

    @property
    def environment(self) -> dict[str, str]:
        """What the markers of a requirement are evaluated with."""
        return {
            **self.target.markers,
            "python_version": self.python,
            "python_full_version": f"{self.python}.99",  # the latest patch: nobody should have an old one
            "implementation_version": f"{self.python}.99",
            "platform_release": "",
            "platform_version": "",
        }

    def download(self, requirements: Sequence[str], folder: str) -> list[str]:
        """The words that ask pip for wheels, without what they require in turn."""
        return [
            "download",
            "--quiet",
            "--no-deps",
            "--only-binary=:all:",
            "--implementation=cp",
            f"--python-version={self.python}",
            *(f"--platform={each}" for each in self.target.platforms),
            f"--dest={folder}",
            *requirements,
        ]


def jobs(targets: str, pythons: str) -> list[Job]:
    """«windows,linux» and «3.11,3.12» as what is to be done. :class:`CommandError` when a word is not known."""
    names = _chosen(targets, list(TARGETS), _("«{word}» non è un sistema che conosco: ci sono {known}."))
    versions = _chosen(pythons, list(PYTHONS), _("«{word}» non è una versione di Python che va bene: ci sono {known}."))
    return [Job(TARGETS[name], version) for name in names for version in versions]


def _chosen(words: str, known: list[str], sentence: str) -> list[str]:
    found = list(dict.fromkeys(word.strip() for word in words.split(",") if word.strip()))
    for word in found or [words]:
        if word not in known:
            raise CommandError(sentence.format(word=word, known=", ".join(known)))
    return found
