"""How much of what can go wrong is found, and at the right cell; how many sound forms are accused.

python -m tests.check.received.seeded [--forms N] [--seed S] [--languages az,en,ru] [--rounds R] [--misses]
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import cast

from form1.core.texts import LANGUAGES, Language
from tests.check.received.seeding import By
from tests.check.received.trial import KINDS, Trial, false_alarms, try_out

Task = tuple[int, str, int, tuple[Language, ...]]
_PROCESSES = 2


def main() -> None:
    """Print the table, then the false alarms, then what was missed."""
    options = _options()
    languages = cast("tuple[Language, ...]", tuple(options.languages.split(",")))
    assert set(languages) <= set(LANGUAGES)
    started = time.perf_counter()
    tasks = list(_tasks(options.seed, options.rounds, languages))
    with ProcessPoolExecutor(_PROCESSES) as pool:
        trials = [trial for trial in pool.map(_try, tasks, chunksize=4) if trial is not None]
        after_trials = time.perf_counter()
        seeds = [(options.seed * 100_000 + number, languages) for number in range(options.forms)]
        alarms = list(pool.map(_alarms, seeds, chunksize=4))
    _print_table(trials)
    errors = [alarm for found, _ in alarms for alarm in found]
    warnings = [alarm for _, found in alarms for alarm in found]
    print(f"\n{len(alarms)} sound forms: {len(errors)} errors and {len(warnings)} warnings")
    for alarm, count in Counter(alarm.partition(" Place")[0] for alarm in [*errors, *warnings]).most_common(20):
        print(f"  {count} x {alarm}")
    slowest = max(trials, key=lambda trial: trial.seconds)
    print(
        f"{len(trials)} seeded forms in {after_trials - started:.0f} s (slowest {slowest.seconds:.1f} s: {slowest.kind},"
        f" {slowest.table}), {len(alarms)} sound forms in {time.perf_counter() - after_trials:.0f} s,"
        f" {_PROCESSES} processes"
    )
    if options.misses:
        _print_misses(trials)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--forms", type=int, default=200, help="sound forms on which false alarms are counted")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--languages", default=",".join(LANGUAGES))
    parser.add_argument("--rounds", type=int, default=1, help="errors of each kind in each table")
    parser.add_argument("--misses", action="store_true", help="print what was said where the right cell was not named")
    return parser.parse_args()


def _tasks(seed: int, rounds: int, languages: tuple[Language, ...]) -> Iterator[Task]:
    number = seed * 1000
    for kind in range(len(KINDS)):
        for table in KINDS[kind].tables:
            for _ in range(rounds):
                number += 1
                yield kind, table, number, languages


def _try(task: Task) -> Trial | None:
    kind, table, seed, languages = task
    return try_out(KINDS[kind], table, seed, languages)


def _alarms(task: tuple[int, tuple[Language, ...]]) -> tuple[list[str], list[str]]:
    return false_alarms(*task)


def _print_table(trials: list[Trial]) -> None:
    print("| kind | seen by | tables | tried | found | right cell | … or among the alternatives |")
    print("|---|---|---:|---:|---:|---:|---:|")
    kinds = dict.fromkeys((trial.by, trial.kind) for by in By for trial in trials if trial.by == by)
    for by, kind in kinds:
        _print_line(kind, str(by), [trial for trial in trials if (trial.by, trial.kind) == (by, kind)])
    for by in By:
        _print_line("**all**", f"**{by}**", [trial for trial in trials if trial.by == by])


def _print_line(kind: str, by: str, trials: list[Trial]) -> None:
    named = [trial for trial in trials if trial.named is not None]
    share = _share(sum(trial.found for trial in trials), len(trials))
    right = _share(sum(bool(trial.named) for trial in named), len(named))
    listed = _share(sum(bool(trial.listed) for trial in named), len(named))
    tables = len({trial.table for trial in trials})
    print(f"| {kind} | {by} | {tables} | {len(trials)} | {share} | {right} | {listed} |")


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.0f} %" if whole else "–"


def _print_misses(trials: list[Trial]) -> None:
    for trial in trials:
        expected = trial.by not in {By.HARMLESS, By.NOBODY}
        if trial.found != expected or trial.named is False:
            print(f"\n{trial.kind} · {trial.table} · seed {trial.seed} · {trial.language} · found {trial.found}"
                  f" named {trial.named} listed {trial.listed} · touched {trial.right[:400]}")  # fmt: skip
            for line in trial.said:
                print(f"    {line[:300]}")


if __name__ == "__main__":
    main()
