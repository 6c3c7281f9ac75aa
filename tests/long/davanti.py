"""Starts and stops of Nginx and Apache in front, with the parent killed at random moments: nothing may be left.

python tests/long/davanti.py [QUANTE]
"""

import random
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from session.killing import killed, stopped

SCENARIOS = ("nginx-gunicorn-flask", "apache-gunicorn-flask", "apache-modwsgi-flask")


def main() -> int:
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    chance = random.Random(5)  # noqa: S311 - moments, not secrets
    bad = 0
    for scenario in SCENARIOS:
        began = time.monotonic()
        for turn in range(times):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / "t"
                moment = chance.uniform(0, 2.5)
                left = killed(scenario, path, moment) if turn % 2 else stopped(scenario, path)
            if left:
                bad += 1
                print(f"{scenario}, giro {turn}, dopo {moment:.3f} s: {left}", flush=True)  # noqa: T201
        print(f"{scenario}: {times} giri in {time.monotonic() - began:.0f} s, {bad} con resti", flush=True)  # noqa: T201
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
