"""The stick: what goes on it for computers that are not this one, with a real pip and wheels of the tests' own."""

import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from passerella.errors import CommandError, ContentError
from passerella.kit import own_wheel, packing
from passerella.kit.packing import pack, wanted
from passerella.kit.pip import read_wheel
from passerella.kit.resolving import Package, closure
from passerella.kit.targets import jobs

[WINDOWS] = jobs("windows", "3.12")
[LINUX] = jobs("linux", "3.12")
SHELF = {
    "click": Package("click", "8.1", ['colorama; platform_system == "Windows"']),
    "colorama": Package("colorama", "0.4", []),
    "uvicorn": Package(
        "uvicorn", "0.30", ["click>=7", "h11>=0.8", 'uvloop; sys_platform != "win32" and extra == "standard"']
    ),
    "uvloop": Package("uvloop", "0.19", []),
    "h11": Package("h11", "0.14", ['uvicorn; extra == "strano"', 'backport; python_version < "3.12"']),
}


def fetch(asked: Sequence[Requirement]) -> Mapping[str, Package]:
    for each in asked:
        if each.name not in SHELF:
            raise ContentError(each.name)
    return {each.name: SHELF[each.name] for each in asked}


def names(wanted: list[str], environment: Mapping[str, str]) -> list[str]:
    return sorted(closure([Requirement(each) for each in wanted], environment, fetch))


def test_what_is_needed_is_read_as_that_computer_would() -> None:
    assert names(["uvicorn[standard]"], LINUX.environment) == ["click", "h11", "uvicorn", "uvloop"]
    assert names(["uvicorn[standard]"], WINDOWS.environment) == ["click", "colorama", "h11", "uvicorn"]
    assert names(["uvicorn", "uvicorn[standard]"], LINUX.environment) == ["click", "h11", "uvicorn", "uvloop"]
    assert names(["h11[strano]"], LINUX.environment) == ["click", "h11", "uvicorn"]
    assert names(['uvloop; sys_platform != "win32"'], WINDOWS.environment) == []


def test_what_does_not_go_together_is_told() -> None:
    with pytest.raises(ContentError, match=r"Serve click>=9, ma c'è click 8.1"):
        names(["uvicorn", "click>=9"], LINUX.environment)
    with pytest.raises(ContentError, match="backport"):
        names(["h11"], jobs("linux", "3.11")[0].environment)


def test_systems_and_pythons_are_those_that_are_known() -> None:
    assert [each.name for each in jobs("windows, linux", "3.11,3.13")] == [
        "windows-3.11",
        "windows-3.13",
        "linux-3.11",
        "linux-3.13",
    ]
    for targets, pythons in (("dos", "3.12"), ("", "3.12"), ("linux", "3.9"), ("linux", "latest")):
        with pytest.raises(CommandError, match="ci sono"):
            jobs(targets, pythons)


def test_pip_is_asked_for_wheels_of_that_computer() -> None:
    words = WINDOWS.download(["h11==0.14"], "qui")
    assert words[0] == "download"
    assert {"--platform=win_amd64", "--python-version=3.12", "--only-binary=:all:", "--no-deps"} <= set(words)
    assert words[-2:] == ["--dest=qui", "h11==0.14"]


def test_the_other_servers_are_optional() -> None:
    passerella = Package(
        "passerella", "1", ["h11", 'gunicorn; sys_platform != "win32"', 'daphne>=4; extra == "server"']
    )
    assert [[each.name for each in part] for part in wanted(passerella, LINUX)] == [["h11", "gunicorn"], ["daphne"]]
    assert [[each.name for each in part] for part in wanted(passerella, WINDOWS)] == [["h11"], ["daphne"]]


def make_wheel(folder: Path, name: str, tag: str = "py3-none-any", requires: Sequence[str] = ()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name}-1.0-{tag}.whl"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1.0", *(f"Requires-Dist: {each}" for each in requires)]
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{name}-1.0.dist-info/METADATA", "\n".join(lines) + "\n")
        wheel.writestr(f"{name}-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: {tag}\n")
        wheel.writestr(f"{name}-1.0.dist-info/RECORD", "")
    return path


def test_a_stick_is_packed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = tmp_path / "scaffale"
    make_wheel(shelf, "prova_pura", requires=['prova_finestre; sys_platform == "win32"'])
    make_wheel(shelf, "prova_finestre", "cp312-cp312-win_amd64")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr(
        packing,
        "own_wheel",
        lambda folder: make_wheel(folder, "passerella", requires=["prova_pura", 'assente; extra == "server"']),
    )
    recordings = tmp_path / "dati" / "chi-parla"
    recordings.mkdir(parents=True)
    (recordings / "x@y.json").write_text("{}")
    stick = tmp_path / "chiavetta"
    told: list[str] = []
    [windows] = pack([WINDOWS], stick, recordings.parent, told.append)
    assert (windows.packages, windows.left_out) == (3, ["assente"])
    assert told[1:] == ["Scarico per windows-3.12…"]
    pinned = (stick / "requisiti" / "windows-3.12.txt").read_text("utf-8").splitlines()
    assert pinned[0].startswith("# passerella sha256 ")
    assert pinned[1:] == ["passerella==1.0", "prova-finestre==1.0", "prova-pura==1.0"]
    assert sorted(each.name for each in (stick / "pacchetti").iterdir()) == [
        "passerella-1.0-py3-none-any.whl",
        "prova_finestre-1.0-cp312-cp312-win_amd64.whl",
        "prova_pura-1.0-py3-none-any.whl",
    ]
    assert (stick / "registrazioni" / "chi-parla" / "x@y.json").is_file()
    _check_scripts(stick)
    with pytest.raises(ContentError, match="non è vuota"):
        pack([LINUX], stick, recordings, told.append)


def _check_scripts(stick: Path) -> None:
    bat = (stick / "avvia.bat").read_bytes()
    assert bat.count(b"\n") == bat.count(b"\r\n")
    assert bat.isascii()
    assert b"in (3.12) do" in bat
    assert b"@PYTHON@" not in bat
    subprocess.run(["sh", "-n", str(stick / "avvia.sh")], check=True)
    assert "È per: windows." in (stick / "LEGGIMI.txt").read_text("utf-8")


def test_what_cannot_be_had_is_told_with_pips_own_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setattr(packing, "own_wheel", lambda folder: make_wheel(folder, "passerella", requires=["assente"]))
    with pytest.raises(ContentError) as refused:
        pack([LINUX], tmp_path / "chiavetta", tmp_path / "niente", print)
    assert "assente" in refused.value.details


def test_what_is_installed_becomes_a_wheel_again(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for name, text in {
        "passerella/cli/__init__.py": "x = 1\n",
        "passerella/cli/__pycache__/x.pyc": "no",
        "passerella/contenuti/lezioni/LEGGIMI.md": "à\n",
        "passerella-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: passerella\nVersion: 1.0\nRequires-Dist: h11\n",
        "passerella-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "passerella-1.0.dist-info/entry_points.txt": "[console_scripts]\npasserella = passerella.cli:main\n",
        "passerella-1.0.dist-info/INSTALLER": "pip",
        "bin/passerella": "no",
    }.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text, encoding="utf-8")
    record = site / "passerella-1.0.dist-info" / "RECORD"
    record.write_text("\n".join(f"{each.relative_to(site).as_posix()},," for each in site.rglob("*") if each.is_file()))
    [distribution] = metadata.distributions(path=[str(site)])
    wheel = own_wheel._repacked(distribution, tmp_path)
    assert read_wheel(wheel) == Package("passerella", "1.0", ["h11"])
    with zipfile.ZipFile(wheel) as opened:
        assert sorted(opened.namelist()) == [
            "passerella-1.0.dist-info/METADATA",
            "passerella-1.0.dist-info/RECORD",
            "passerella-1.0.dist-info/WHEEL",
            "passerella-1.0.dist-info/entry_points.txt",
            "passerella/cli/__init__.py",
            "passerella/contenuti/lezioni/LEGGIMI.md",
        ]
