"""How quick the lab is, in a real pseudo-terminal: keys go in, the screen is read.

    python tests/benchmarks/laboratorio.py [VIAGGI] [AL_SECONDO]

Each line of the table has its goal and its floor. What depends on the machine's speed is measured beside something
that depends on it too, in turns: a minimal program of Textual.
"""

import os
import random
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.crowd import Crowd, Door
from benchmarks.registrazioni import record
from benchmarks.terminal import Terminal

_HERE = Path(__file__).parent
_LAB = [sys.executable, str(_HERE / "a_lab.py")]
_PASSERELLA = [sys.executable, "-m", "passerella.cli"]
_MINIMAL = (
    "from textual.app import App\n"
    "from textual.widgets import Static\n"
    "class Minimal(App):\n"
    "    def compose(self):\n"
    "        yield Static('Pronto')\n"
    "Minimal().run()\n"
)
_NAME = r"V\d{7}"
_ROUNDS = 12
_UNSEEN = 0.6  # seconds for a key whose answer cannot be read
_OPENINGS = 7
_PASSAGE = 5  # the passage to which one steps: there environ is whole

# Keys of a person who looks around, and what each must show. From a passage and back to it.
_KEYS: list[tuple[str, str, str]] = [
    ("passo avanti", "\x1b[C", f"passo {_PASSAGE + 1}\\b"),
    ("passo indietro", "\x1b[D", f"passo {_PASSAGE}\\b"),
    ("byte", "2", "▸2 byte"),
    ("codice", "3", "▸3 codice"),
    ("spiegazione", "4", "▸4 spiegazione"),
    ("environ", "1", "▸1 environ"),
    ("più dettaglio", "+", "Tutti i passi · "),
    ("passo avanti, tutti i passi", "\x1b[C", r"passo \d+"),
    ("passo indietro, tutti i passi", "\x1b[D", r"passo \d+"),
    ("meno dettaglio", "-", "Passi · "),
    ("confronta da qui", "m", "◆"),
    ("aiuto", "?", "Aiuto"),
    ("indietro", "\x1b", "dettaglio"),  # the foot has its keys again
    ("viaggi", "v", ""),  # only colours tell: not measured
    ("viaggio più nuovo", "\x1b[H", r"passo 1\b"),
    ("viaggio più vecchio", "\x1b[B", ""),  # not the newest: those that arrive do not take its place
    *((f"passo {n}", "\x1b[C", f"passo {n}\\b") for n in range(2, _PASSAGE + 1)),
]


class Row(NamedTuple):
    """A line of the table."""

    what: str
    measured: float
    goal: float
    floor: float
    unit: str

    def __str__(self) -> str:
        verdict = "" if self.measured <= self.goal else " ≈ sotto il limite" if self.measured <= self.floor else " ✖"
        number, goal, floor = (f"{each:.2f}" if self.unit in ("×", "s") else f"{each:.0f}" for each in self[1:4])
        return f"{self.what:<58}{number:>8} {self.unit:<4}{goal:>7}{floor:>8}{verdict}".replace(".", ",")


class Flow:
    """Journeys that arrive while something else is done."""

    def __init__(self, crowd: Crowd, rate: float) -> None:
        self._crowd, self._rate = crowd, rate
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.arrived: list[str] = []

    def __enter__(self) -> "Flow":
        self._began = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.lasted = time.monotonic() - self._began
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        for name in self._crowd.flow(self._rate):
            self.arrived.append(name)
            if self._stop.is_set():
                return


def percentile(values: list[float], which: int) -> float:
    return quantiles(values, n=100, method="inclusive")[which - 1]


def loaded(terminal: Terminal, crowd: Crowd, file: Path, count: int) -> None:
    """The lab with ``count`` journeys in it."""
    door = Door.found(file)
    crowd.connect(door.path, door.token)
    crowd.arrive()
    terminal.until(_NAME)
    began, spent = time.monotonic(), terminal.spent()
    last = [crowd.arrive() for _ in range(count - 1)][-1]
    while last not in terminal.seen:
        time.sleep(0.1)
    took, used = time.monotonic() - began, terminal.spent() - spent
    say(f"{count} viaggi presi in {took:.1f} s: {used / count * 1000:.2f} ms di processore l'uno")


def begin_to_look(terminal: Terminal) -> None:
    """At a journey that is not the newest, from the passage at which the keys of the table begin."""
    for key in ("v", "\x1b[B"):
        os.write(terminal.entry, key.encode())
        time.sleep(_UNSEEN)
    for n in range(2, _PASSAGE + 1):
        terminal.press("\x1b[C", f"passo {n}\\b")


def pressed(terminal: Terminal, rounds: int) -> Iterator[tuple[str, float]]:
    """Every key of the table, as often; a person's pauses between them."""
    pause = random.Random(1)  # noqa: S311 - the same pauses each time
    for _ in range(rounds):
        for name, key, expected in _KEYS:
            time.sleep(pause.uniform(0.05, 0.15))
            if expected:
                yield name, terminal.press(key, expected)
            else:
                os.write(terminal.entry, key.encode())
                time.sleep(_UNSEEN)


def filtered(terminal: Terminal) -> Iterator[float]:
    """The key that makes a filter whole, until the list says that it is filtered."""
    for query, last in (("stato:20", "0"), ("durata>1m", "s"), ("percorso:", "V"), ("metodo:POS", "T"), ("V000", "0")):
        terminal.press("/", r"stato:\dxx")
        time.sleep(0.3)
        for character in query:
            os.write(terminal.entry, character.encode())
            time.sleep(0.15)
        yield terminal.press(last, "di [\\d.]+ con «")
        time.sleep(0.2)
        terminal.press("\x1b", r"Viaggi · [\d.]+ ")
        time.sleep(0.2)


def shown_after(terminal: Terminal, crowd: Crowd, names: list[str]) -> list[float]:
    """Milliseconds from each journey's last byte to its line on the screen; those that others covered at once have none."""
    return [(terminal.seen[name] - crowd.sent[name]) * 1000 for name in names if name in terminal.seen]


def of_the_lab(folder: Path, count: int, rate: float) -> Iterator[Row]:
    file = folder / "porta.json"
    crowd = Crowd()
    with Terminal([*_LAB, str(file)], {"XDG_DATA_HOME": str(folder)}, _NAME) as terminal:
        loaded(terminal, crowd, file, count)
        with Flow(crowd, 20) as calm:
            time.sleep(15)
        few = shown_after(terminal, crowd, calm.arrived[:-5])
        yield Row("evento → schermo, 20 al secondo, p99", percentile(few, 99), 50, 100, "ms")
        with Flow(crowd, rate) as busy:
            time.sleep(10)
        many = shown_after(terminal, crowd, busy.arrived[:-50])
        yield Row(f"evento → schermo, {rate:.0f} al secondo, p99", percentile(many, 99), 50, 100, "ms")
        say(
            f"  a {rate:.0f} al secondo se ne vedono {len(many)} su {len(busy.arrived) - 50}; mediana {median(many):.0f} ms"
        )
        time.sleep(1)
        begin_to_look(terminal)
        alone = [ms for name, ms in pressed(terminal, 5) if name.startswith("passo indietro")]
        yield Row("un passo indietro, da soli, mediana", median(alone), 16, 16, "ms")
        used = terminal.spent()
        with Flow(crowd, rate) as flow:
            answers = list(pressed(terminal, _ROUNDS))
            searches = list(filtered(terminal))
        used = (terminal.spent() - used) / flow.lasted
        back = [ms for name, ms in answers if name.startswith("passo indietro")]
        yield Row(
            f"ogni tasto, {count} viaggi e {rate:.0f} al secondo, p95",
            percentile([ms for _, ms in answers], 95),
            50,
            50,
            "ms",
        )
        yield Row("un passo indietro, intanto, mediana", median(back), 16, 16, "ms")
        yield Row("filtro, intanto, il più lento", max(searches), 100, 100, "ms")
        yield Row("filtro, da soli, il più lento", max(filtered(terminal)), 100, 100, "ms")
        say_slowest(answers)
        say(
            f"  processore del laboratorio a {rate:.0f} al secondo: {used * 100:.0f} %; memoria {terminal.memory:.0f} MiB"
        )


def say_slowest(answers: list[tuple[str, float]]) -> None:
    by_name: dict[str, list[float]] = {}
    for name, ms in answers:
        by_name.setdefault(name, []).append(ms)
    for name, values in sorted(by_name.items(), key=lambda each: -median(each[1]))[:5]:
        say(f"  {name:<32}mediana {median(values):4.0f} ms   il più lento {max(values):4.0f} ms")


def opened(argv: list[str], folder: Path, *painted: str) -> list[float]:
    """Seconds from the command to each thing on the screen."""
    with Terminal(argv, {"XDG_DATA_HOME": str(folder)}) as terminal:
        return [terminal.until(each) - terminal.started for each in painted]


def of_the_first_screen(folder: Path) -> Iterator[Row]:
    minimal, lab = [], []
    for _ in range(_OPENINGS):
        minimal += opened([sys.executable, "-c", _MINIMAL], folder, "Pronto")
        lab += opened([*_PASSERELLA, "traccia", "gunicorn-flask"], folder, "Laboratorio")
    say(f"  il programma minimo {median(minimal):.2f} s, il laboratorio {median(lab):.2f} s (mediane di {_OPENINGS})")
    yield Row("prima schermata rispetto al programma minimo", median(lab) / median(minimal), 1.5, 2, "×")


def of_a_recording(folder: Path, count: int) -> Iterator[Row]:
    small, large = folder / "uno.passerella", folder / "tanti.passerella"
    record(small, 1)
    record(large, count)
    one, first, whole = [], [], []
    for _ in range(3):
        one += opened([*_PASSERELLA, "apri", str(small)], folder, r"Viaggi · 1\b")
        with Terminal([*_PASSERELLA, "apri", str(large)], {"XDG_DATA_HOME": str(folder)}) as terminal:
            first.append(terminal.until(r"Viaggi · \d+") - terminal.started)
            whole.append(terminal.until(rf"Viaggi · {count}\b") - terminal.started)
            memory = terminal.memory
    say(f"  una registrazione di un viaggio solo è sullo schermo in {median(one):.2f} s")
    yield Row(f"{count} viaggi registrati: le prime righe", median(first), 0.5, 0.5, "s")
    yield Row(f"{count} viaggi registrati: tutti", median(whole), 1, 2, "s")
    yield Row(f"{count} viaggi registrati: memoria", memory, 100, 150, "MiB")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    rate = float(sys.argv[2]) if len(sys.argv) > 2 else 200.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [*of_the_lab(folder, count, rate), *of_the_first_screen(folder), *of_a_recording(folder, count)]
    say(f"\n{'':<58}{'misura':>8}     {'meta':>7}{'limite':>8}")
    for row in rows:
        say(str(row))


if __name__ == "__main__":
    main()
