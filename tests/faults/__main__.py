"""python -m tests.faults --faults 200 --seed 1: break a house so many times, and judge what is left of it."""

import argparse
import sys

from tests.faults.run import run
from tests.faults.schedule import make_schedule


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--faults", type=int, default=200, help="how many (default 200)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed, the same schedule (default 1)")
    parser.add_argument("--houses", type=int, default=3, help="projects built at once (default 3)")
    parser.add_argument("--print", action="store_true", help="print the schedule and do nothing")
    options = parser.parse_args()
    schedule = make_schedule(options.seed, options.faults)
    if options.print:
        print(*schedule, sep="\n")
        return 0
    outcome = run(schedule, seed=options.seed, houses=options.houses)
    print(outcome)
    return 1 if outcome.problems else 0


if __name__ == "__main__":
    sys.exit(main())
