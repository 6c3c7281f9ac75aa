"""A program that starts other Pythons in every way there is, and says what its environment shows."""

import json
import multiprocessing
import os
import shlex
import subprocess
import sys


def child(name: str) -> list[str]:
    return [sys.executable, "-c", f"# {name}\nimport os; print(sorted(os.environ), os.environ.get('PYTHONPATH'))"]


def in_a_spawned_process() -> None:
    print(sorted(os.environ), os.environ.get("PYTHONPATH"))  # noqa: T201


def main() -> None:
    shown = {"environ": dict(os.environ), "path": sys.path, "sitecustomize": "sitecustomize" in sys.modules}
    print(json.dumps(shown), flush=True)  # noqa: T201
    plain = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    encoded = {os.fsencode(key): os.fsencode(value) for key, value in os.environ.items()}
    subprocess.run(child("inherited"), check=True)
    subprocess.run(child("copied"), env=os.environ.copy(), check=True)
    subprocess.run(child("without path"), env=plain, check=True)
    subprocess.run(child("bytes"), env=encoded, check=True)
    subprocess.run(child("open files"), env=plain, close_fds=False, check=True)
    os.system(shlex.join([sys.executable, "-c", "# shell"]))  # noqa: S605
    os.spawnve(os.P_WAIT, sys.executable, child("spawned"), plain)  # noqa: S606
    process = multiprocessing.get_context("spawn").Process(target=in_a_spawned_process)
    process.start()
    process.join()
    os.environ["PYTHONPATH"] = "/altra/cartella"
    subprocess.run(child("other path"), check=True)
    subprocess.run(child("yet another path"), env={**plain, "PYTHONPATH": "/terza/cartella"}, check=True)
    del os.environ["PYTHONPATH"]
    subprocess.run(child("deleted path"), check=True)
    if os.fork() == 0:
        os.execve(sys.executable, child("replaced"), plain)  # noqa: S606
    os.wait()


if __name__ == "__main__":
    main()
