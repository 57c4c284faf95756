"""A disk that fails: the Nth call for every N, a file system that is full, folders that are read-only, gone, in the way.

    python -m tests.unattended.faults [--step 1] [--modes once,lasting,kill] [--without-disks]

An edition stands, its exports were changed, and the run that makes the revision meets the fault. Then the old edition
must be there byte for byte, what a reader sees must be whole, the exit code 4 with one line (0 where the fault was of no
consequence: the log, the note for the next night), and the next run must end as if nothing had been. Drawing is quick;
publishing, journal, lock, log and recovery are the product's.
"""

import argparse
import contextlib
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from form1.archive.store import proof
from tests.unattended import faulty
from tests.unattended.places import Ended, Office, debris, editions, tree

SIZES = (0, 1, 4, 8, 16, 40, 100, 200, 240, 280, 300)
"""KiB that are free on a full file system; an edition of quick drawing takes some 330."""


class Trial:
    """One office before its revision, and how it ends when nothing fails."""

    def __init__(self, scratch: Path) -> None:
        self.scratch = scratch
        first = Office.set_up(scratch / "first")
        assert first.run().code == 0
        first.move_one_man()
        self.start = first
        self.before = editions(first.output)
        whole = first.copy(scratch / "whole")
        ended = whole.run(FORM1_FAULT="once:0")
        assert ended.code == 0, ended
        self.calls = ended.out.split()
        self.editions, self.tree = editions(whole.output), tree(whole.output)

    @contextlib.contextmanager
    def office(self) -> Iterator[Office]:
        """A fresh copy."""
        office = self.start.copy(self.scratch / "office")
        try:
            yield office
        finally:
            shutil.rmtree(office.root)

    def shown(self, office: Office, ended: Ended, *, killed: bool = False) -> list[str]:
        """What is wrong with what a reader and an operator see after the fault."""
        there, faults = editions(office.output), []
        for name, files in self.before.items():
            if there.get(name) != files:
                faults.append(f"{name} is not as it was")
        faults += [f"{name} is half-written" for name, files in there.items() if files != self.editions.get(name)]
        if killed:
            return faults + ([] if ended.code == -9 else [f"not killed: {ended}"])
        if ended.code not in {0, 4} or (ended.code == 4 and not _is_one_line(ended)) or ended.line.count("\n") > 1:
            faults.append(f"{ended}")
        if ended.code == 0 and there != self.editions:
            faults.append("exit code 0 without the revision")
        return faults

    def mended(self, office: Office) -> list[str]:
        """What is wrong after the next run, when the disk is well again."""
        ended = office.run()
        faults = [] if (ended.code, ended.out, ended.line) == (0, "", "") else [f"the next run: {ended}"]
        faults += [f"debris: {name}" for name in debris(office.output)]
        now = tree(office.output)
        faults += [f"other than it should be: {n}" for n in {*now, *self.tree} if now.get(n) != self.tree.get(n)]
        return faults + [f"verify: {harm}" for harm in proof.harms(office.output)]

    def nth(self, mode: str, number: int) -> tuple[str, list[str]]:
        """Let one call fail; return how the run ended, and the faults."""
        with self.office() as office:
            ended = office.run(FORM1_FAULT=f"{mode}:{number}")
            faults = self.shown(office, ended, killed=mode == "kill") + self.mended(office)
        return str(ended.code), faults


def _is_one_line(ended: Ended) -> bool:
    return ended.line.count("\n") == 1 and ended.line.startswith("form1") and "bug" not in ended.line


def main() -> int:
    """Try all, and print what was seen; 1 when anything was not as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=1, help="try every Nth call only")
    parser.add_argument("--modes", default=",".join(faulty.MODES))
    parser.add_argument("--without-disks", action="store_true")
    options = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="form1-faults-") as scratch:
        trial = Trial(Path(scratch))
        print(f"{len(trial.calls)} calls in a run: {dict(Counter(trial.calls))}")
        for mode in options.modes.split(","):
            began, codes = time.monotonic(), Counter[str]()
            for number in range(1, len(trial.calls) + 1, options.step):
                code, faults = trial.nth(mode, number)
                codes[code] += 1
                wrong += bool(faults)
                for fault in faults:
                    print(f"  {mode} {number} ({trial.calls[number - 1]}): {fault}")
            told = ", ".join(f"{count} x exit {code}" for code, count in sorted(codes.items()))
            print(f"{mode}: {sum(codes.values())} calls failed: {told}; {time.monotonic() - began:.0f} s", flush=True)
        for name, faults in () if options.without_disks else disks(trial):
            wrong += bool(faults)
            print(f"{name}: {'; '.join(faults) or 'as it must be'}", flush=True)
    print(f"trials with faults: {wrong}")
    return 1 if wrong else 0


def disks(trial: Trial) -> Iterator[tuple[str, list[str]]]:
    """Try real disks: full, limited, read-only, gone, in the way."""
    for free in SIZES:
        with trial.office() as office:
            with _full(office.output, free) as kind:
                ended = office.run() if kind != "limit" else _limited(office, free)
                faults = _refused(trial, office, ended)
            yield f"full ({kind}, {free} KiB left)", faults + trial.mended(office)
    for name, obstacle in {
        "read-only": _read_only,
        "vanished while it runs": _vanished,
        "a file in the way": _in_the_way,
    }.items():
        with trial.office() as office:
            with obstacle(office) as ended:
                faults = _refused(trial, office, ended) if ended is not None else ["not tried"]
            yield name, faults + trial.mended(office)


def _refused(trial: Trial, office: Office, ended: Ended) -> list[str]:
    faults = trial.shown(office, ended) if office.output.is_dir() else []
    return faults + ([] if ended.code == 4 and _is_one_line(ended) else [f"not refused: {ended}"])


@contextlib.contextmanager
def _full(output: Path, free: int) -> Iterator[str]:
    """A file system of its own for the output, full but for `free` KiB; where none may be mounted, "limit"."""
    size = sum(-(-path.stat().st_size // 4096) * 4096 for path in output.rglob("*") if path.is_file())
    apart = output.with_name("apart")
    output.rename(apart)
    output.mkdir()
    room = size // 1024 + 64 + free
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={room}k,mode=0750", "tmpfs", str(output)],
        capture_output=True,
        check=False,
    )
    shutil.copytree(apart, output, symlinks=True, dirs_exist_ok=True)
    try:
        if mounted.returncode:
            yield "limit"
            return
        with (output / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(b"x" * 4096)
        # What is to be left is cut off again; tmpfs counts in pages.
        os.truncate(output / "filler", max(0, (output / "filler").stat().st_size - free // 4 * 4096))
        yield "tmpfs"
    finally:
        (output / "filler").unlink(missing_ok=True)
        shutil.rmtree(apart)
        if not mounted.returncode:
            shutil.copytree(output, apart, symlinks=True)
            subprocess.run(["umount", str(output)], check=True)
            output.rmdir()
            apart.rename(output)


def _limited(office: Office, kib: int) -> Ended:
    """Run with RLIMIT_FSIZE: no file may grow beyond so many KiB."""
    process = subprocess.run(
        office.command("run"), capture_output=True, encoding="utf-8", check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (kib * 256, kib * 256)),
    )  # fmt: skip
    return Ended(process.returncode, process.stdout, process.stderr)


@contextlib.contextmanager
def _read_only(office: Office) -> Iterator[Ended | None]:
    """The output cannot be written: mounted read-only for root, without the right for everybody else."""
    if os.geteuid() != 0:
        office.output.chmod(0o550)
        (office.output / "2026-Q3").chmod(0o550)
        try:
            yield office.run()
        finally:
            office.output.chmod(0o750)
            (office.output / "2026-Q3").chmod(0o750)
        return
    bound = subprocess.run(
        ["mount", "--bind", str(office.output), str(office.output)], capture_output=True, check=False
    )
    if bound.returncode:
        yield None
        return
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", str(office.output)], check=True)
        yield office.run()
    finally:
        subprocess.run(["umount", str(office.output)], check=True)


@contextlib.contextmanager
def _vanished(office: Office) -> Iterator[Ended | None]:
    """The output goes away while the run draws, as when its disk is pulled."""
    process = office.start("run", FORM1_SLOW="2")
    while not list(office.output.glob(".lock")) or not (office.output / ".lock").read_text(encoding="utf-8"):
        time.sleep(0.05)
    time.sleep(1.2)
    away = office.output.rename(office.root / "away")
    out, line = process.communicate()
    try:
        yield Ended(
            process.returncode, out, line + ("" if not office.output.exists() else "the output was made anew\n")
        )
    finally:
        away.rename(office.output)


@contextlib.contextmanager
def _in_the_way(office: Office) -> Iterator[Ended | None]:
    """Where the edition is built stands a folder that nobody can remove, a file system of its own."""
    place = office.output / "2026-Q3" / ".unfinished-r2"
    place.mkdir()
    bound = subprocess.run(["mount", "-t", "tmpfs", "tmpfs", str(place)], capture_output=True, check=False)
    try:
        yield office.run() if not bound.returncode else None
    finally:
        if not bound.returncode:
            subprocess.run(["umount", str(place)], check=True)


if __name__ == "__main__":
    sys.exit(main())
