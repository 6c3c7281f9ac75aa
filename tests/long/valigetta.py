"""A stick made for this system, and Passerella installed from it with the network cut off.

python tests/long/valigetta.py        (it needs the network to make the stick, and Linux's «unshare» to cut it off)
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_CUT_OFF = ["unshare", "--net", "--map-root-user"]
_HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# What must work with nothing but what the stick brought: words, and what they must print.
_TRIED = (
    (["--version"], "passerella"),
    (["lezioni"], "Chi parla con chi?"),
    (["controlla", "chi-parla", "--volte", "1"], "chi-comincia"),
    (["traccia", "waitress-flask", "-r", "GET /ciao", "--testo"], "200"),
)


def main() -> int:
    if shutil.which("unshare") is None:
        print("manca unshare: la rete non si può togliere")  # noqa: T201
        return 2
    with tempfile.TemporaryDirectory() as folder:
        stick, home = Path(folder) / "chiavetta", Path(folder) / "casa"
        _make(stick, Path(folder) / "dati")
        return 1 if sum(not _works(stick, home, words, wanted) for words, wanted in _TRIED) else 0


def _make(stick: Path, data: Path) -> None:
    began = time.monotonic()
    words = ["valigetta", "--per", "linux", "--python", _HERE, "--dati", str(data), str(stick)]
    subprocess.run([sys.executable, "-m", "passerella.cli", *words], check=True)
    size = sum(each.stat().st_size for each in stick.rglob("*") if each.is_file())
    print(f"fatta in {time.monotonic() - began:.0f} s, {size / 1e6:.0f} MB")  # noqa: T201


def _works(stick: Path, home: Path, words: list[str], wanted: str) -> bool:
    began = time.monotonic()
    done = subprocess.run(
        [*_CUT_OFF, "sh", "-c", f'ip link set lo up 2>/dev/null; exec sh "{stick}/avvia.sh" "$@"', "sh", *words],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={
            "HOME": str(home),
            "LANG": "C.UTF-8",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}/usr/bin:/bin:/sbin",
        },
        check=False,
    )
    good = done.returncode == 0 and wanted in done.stdout + done.stderr
    print(f"{'sì' if good else 'NO'}  {' '.join(words)}  ({time.monotonic() - began:.0f} s)", flush=True)  # noqa: T201
    if not good:
        print(done.stdout[-2000:], done.stderr[-2000:])  # noqa: T201
    return good


if __name__ == "__main__":
    sys.exit(main())
