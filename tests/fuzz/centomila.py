"""A hundred thousand cases and more of what the suite tries on a few, with their counts.

python tests/fuzz/centomila.py [SEED]
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz.mixing import Mixer
from fuzz.properties import journeys_grow, probe_obeys, viewer_reads

_SLOW = 5.0  # seconds: no case of these may take so long
_SHOWN = 5


def run(name: str, how_many: int, make: Callable[[], Any], check: Callable[[Any], None]) -> int:
    """Run cases, telling of those that fail; how many they were."""
    failures: dict[str, Any] = {}
    failed, slowest, began = 0, 0.0, time.monotonic()
    for _ in range(how_many):
        case = make()
        start = time.monotonic()
        try:
            check(case)
        except Exception as error:  # whatever it is, it is what we are looking for
            failed += 1
            failures.setdefault(_kind(error), case)
        slowest = max(slowest, time.monotonic() - start)
    seconds = time.monotonic() - began
    say(f"{name}: {how_many} casi, {failed} falliti, il più lento {slowest:.2f} s, in tutto {seconds:.0f} s")
    for kind, case in list(failures.items())[:_SHOWN]:
        say(f"  {kind}\n    {case!r:.2000}")
    return failed + (slowest > _SLOW)


def _kind(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace is not None else ""
    return f"{type(error).__name__} in {place}: {str(error)[:100]}"


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201


def main(seed: int) -> int:
    say(f"seme {seed}")
    mixer = Mixer(seed)
    runs = (
        ("il lato di chi guarda", 45_000, mixer.viewer_case, lambda case: viewer_reads(*case)),
        ("il lato della sonda", 45_000, mixer.probe_case, probe_obeys),
        ("i viaggi", 20_000, mixer.journeys_case, lambda case: journeys_grow(*case)),
    )
    bad = sum(run(*each) for each in runs)
    say(f"in tutto {sum(how_many for _, how_many, _, _ in runs)} casi, {bad} falliti")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1))
