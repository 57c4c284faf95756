"""`python -m tests.mutants [PATH …]`: the score of each module, with the survivors."""

import argparse
import sys

from tests.mutants.run import TestsFail, modules, scores

GOAL = 0.85


def main(arguments: list[str] | None = None) -> int:
    """Print the scores; 1 when a module misses the goal."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.mutants", description="Put faults into modules and count those that no test notices."
    )
    parser.add_argument(
        "paths", nargs="*", help="modules or folders, form1/rules/time.py; by default all of tests.toml"
    )
    parser.add_argument("--each", type=int, default=6, help="mutants of each module, 0 for all of them (default 6)")
    parser.add_argument("--seed", type=int, default=1, help="another sample (default 1)")
    parser.add_argument("--jobs", type=int, default=1, help="processes at a time (default 1)")
    options = parser.parse_args(arguments)
    found = []
    try:
        for score in scores(modules(options.paths), options.each, options.seed, options.jobs):
            found.append(score)
            print(
                f"{score.path:45} {score.killed:4} of {score.sample:4} killed  {score.killed / score.sample:4.0%}",
                flush=True,
            )
            for mutant in score.survivors:
                print(
                    f"    {score.path}:{mutant.line}: {mutant.was}  ->  {mutant.becomes}   in: {mutant.source}",
                    flush=True,
                )
    except TestsFail as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2
    sample, killed = sum(score.sample for score in found), sum(score.killed for score in found)
    print(f"{'together':45} {killed:4} of {sample:4} killed  {killed / max(sample, 1):4.0%}")
    missed = [score.path for score in found if score.killed < GOAL * score.sample]
    if missed:
        print(f"below {GOAL:.0%}: {', '.join(missed)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
