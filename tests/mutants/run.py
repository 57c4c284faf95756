"""Run the tests that concern a module on mutants of it, each in a process of its own.

The processes are forked from this one, which has loaded the libraries, and see the mutant instead of the module. A test that
fails, a module that cannot be imported, and a process that uses up its time all kill a mutant.
"""

import ast
import importlib.util
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import tomllib
import traceback
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from importlib.machinery import ModuleSpec, SourceFileLoader
from pathlib import Path

import pytest

from tests.mutants.mutate import Mutant, mutants, mutated

REPOSITORY = Path(__file__).parents[2]
_HERE = Path(__file__).parent
_HEADROOM = 4
"""Seconds of processor time that a mutant has beyond three times what its tests take."""
_KILLERS = 40
"""Tests that killed mutants of the module before: they run first."""


class Outcome(Enum):
    """How a run of the tests ended."""

    SURVIVED = "survived"
    KILLED = "killed"
    NO_TESTS = "no tests"


@dataclass
class Score:
    """The sample of one module and what became of it."""

    path: str
    sample: int
    survivors: list[Mutant] = field(default_factory=list)

    @property
    def killed(self) -> int:
        """How many were killed."""
        return self.sample - len(self.survivors)


class TestsFail(Exception):
    """The tests of a module fail without any mutant."""


def declared() -> dict[str, list[str]]:
    """Return the tests by the module or folder that they concern."""
    return dict(tomllib.loads((_HERE / "tests.toml").read_text(encoding="utf-8"))["tests"])


def modules(below: Sequence[str] = ()) -> list[str]:
    """Return the modules that have tests here, as paths; with `below` only those whose paths begin with one of these."""
    found = {
        str(path.relative_to(REPOSITORY))
        for start in declared()
        for path in ([REPOSITORY / start] if start.endswith(".py") else (REPOSITORY / start).rglob("*.py"))
    }
    return sorted(path for path in found if not below or any(path.startswith(start) for start in below))


def all_mutants(path: str) -> tuple[list[Mutant], list[dict[str, str]]]:
    """Return the mutants of a module that a test could kill, and the entries of equivalent ones that fit none."""
    every = mutants((REPOSITORY / path).read_text(encoding="utf-8"))
    listed = tomllib.loads((_HERE / "equivalent.toml").read_text(encoding="utf-8")).get("mutant", [])
    entries = [entry for entry in listed if entry["module"] == path]
    keys = {(mutant.source, mutant.was, mutant.becomes) for mutant in every}
    known = {(entry["line"], entry["was"], entry["becomes"]) for entry in entries}
    stale = [entry for entry in entries if (entry["line"], entry["was"], entry["becomes"]) not in keys]
    return [mutant for mutant in every if (mutant.source, mutant.was, mutant.becomes) not in known], stale


def sample(path: str, size: int, seed: int) -> list[Mutant]:
    """Return `size` mutants of a module (0: all of them), the same for the same seed."""
    every, _ = all_mutants(path)
    if size == 0 or len(every) <= size:
        return every
    return sorted(random.Random(f"{seed} {path}").sample(every, size), key=lambda mutant: mutant.number)


def scores(paths: Sequence[str], size: int, seed: int, jobs: int) -> Iterator[Score]:
    """Run the samples of the modules and give the score of each; TestsFail when a module is not to blame."""
    _load_libraries()
    with tempfile.TemporaryDirectory(prefix="mutants-") as scratch:
        for path in paths:
            chosen = sample(path, size, seed)
            if not chosen:
                continue
            yield _score(path, chosen, jobs, Path(scratch))


def _score(path: str, chosen: list[Mutant], jobs: int, scratch: Path) -> Score:
    known = declared()
    tests = known[max((start for start in known if path.startswith(start)), key=len)]
    killers: list[str] = []
    first = _Run(path, None, tests, killers, 3600, scratch)
    outcome, seconds = first.ended(first.wait())
    if outcome is not Outcome.SURVIVED:
        output = (first.folder / "output").read_text(encoding="utf-8", errors="replace")
        raise TestsFail(f"{' '.join(tests)}: they fail, or there are none, before {path} is changed.\n{output}")
    score, limit = Score(path, len(chosen)), 3 * seconds + _HEADROOM
    waiting, running = list(reversed(chosen)), dict[int, _Run]()
    while waiting or running:
        while waiting and len(running) < jobs:
            run = _Run(path, waiting.pop(), tests, killers, limit, scratch)
            running[run.pid] = run
        pid, status, usage = os.wait4(-1, 0)
        if pid not in running:
            continue
        run = running.pop(pid)
        outcome, _ = run.ended((status, usage))
        if outcome is Outcome.SURVIVED and run.mutant is not None:
            score.survivors.append(run.mutant)
        killers[:] = list(dict.fromkeys([*run.failed(), *killers]))[:_KILLERS]
        run.clear()
    score.survivors.sort(key=lambda mutant: mutant.number)
    first.clear()
    return score


class _Run:
    """The tests on one mutant, in a process of its own."""

    def __init__(
        self, path: str, mutant: Mutant | None, tests: list[str], killers: list[str], seconds: float, scratch: Path
    ) -> None:
        self.mutant = mutant
        self.folder = Path(tempfile.mkdtemp(dir=scratch))
        sys.stdout.flush()
        self.pid = os.fork()
        if self.pid == 0:
            code = 2
            try:
                code = self._tests(path, tests, killers, seconds)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)

    def _tests(self, path: str, tests: list[str], killers: list[str], seconds: float) -> int:
        os.setsid()
        os.chdir(REPOSITORY)
        sys.stdout.flush()
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        output = os.open(self.folder / "output" if self.mutant is None else os.devnull, os.O_WRONLY | os.O_CREAT, 0o600)
        os.dup2(output, 1)
        os.dup2(output, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1, int(seconds) + 2))
        if self.mutant is not None:
            tree = mutated((REPOSITORY / path).read_text(encoding="utf-8"), self.mutant.number)
            sys.meta_path.insert(0, _Finder(path, tree))
        plugin = _Order(killers, self.folder / "failed")
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", f"--basetemp={self.folder / 'tmp'}"]
        return int(pytest.main([*options, *tests], plugins=[plugin]))

    def wait(self) -> tuple[int, resource.struct_rusage]:
        """Wait for the process to end."""
        _, status, usage = os.wait4(self.pid, 0)
        return status, usage

    def ended(self, how: tuple[int, resource.struct_rusage]) -> tuple[Outcome, float]:
        """Return how the tests ended and how much processor time they took; nothing that they started is left."""
        status, usage = how
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        code = os.waitstatus_to_exitcode(status)
        named = {pytest.ExitCode.OK: Outcome.SURVIVED, pytest.ExitCode.NO_TESTS_COLLECTED: Outcome.NO_TESTS}
        return named.get(code, Outcome.KILLED), usage.ru_utime + usage.ru_stime  # type: ignore[call-overload]

    def failed(self) -> list[str]:
        """Return the tests that failed, by their ids."""
        path = self.folder / "failed"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def clear(self) -> None:
        """Remove what the tests left behind."""
        shutil.rmtree(self.folder, ignore_errors=True)


class _Order:
    """A plugin of pytest: tests that killed before come first, and those that fail are written down."""

    def __init__(self, killers: list[str], failed: Path) -> None:
        self.place = {test: number for number, test in enumerate(killers)}
        self.failed = failed

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self.place.get(item.nodeid, len(self.place)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            with self.failed.open("a", encoding="utf-8") as written:
                print(report.nodeid, file=written)


class _Finder:
    """Finds the mutant where its module is asked for."""

    def __init__(self, path: str, tree: ast.Module) -> None:
        self.path, self.tree = path, tree
        self.name = path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if name != self.name:
            return None
        loader = _Loader(name, str(REPOSITORY / self.path))
        loader.tree = self.tree
        return importlib.util.spec_from_file_location(name, REPOSITORY / self.path, loader=loader)


class _Loader(SourceFileLoader):
    tree: ast.Module

    def get_code(self, fullname: str):  # type: ignore[no-untyped-def]
        return compile(self.tree, self.path, "exec")


def _load_libraries() -> None:
    """Load what takes its time and is not tested here, with one thread each, before anything is forked."""
    for name in ("POLARS_MAX_THREADS", "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ[name] = "1"
    for library in ("numpy", "polars", "pandera.polars", "pydantic", "openpyxl", "narwhals", "jinja2", "babel"):
        importlib.import_module(library)
