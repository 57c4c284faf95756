"""An office on disk for the trials: exports, a configuration, an output; every run is a process of its own.

What stands in the output is looked at here without the program: hashes and names, and nothing that form1 says of itself.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tests.making import HANGS, REPOSITORY, sample_of_the_year

TEN = "exempt_from_work_permit.csv"
_VOLATILE = (".lock", ".last-run.json", "log", "journal.jsonl", "rejected")
"""What differs from run to run, by the name at the top of the output."""
Tree = dict[str, str]


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    line: str
    """What it said on stderr."""


@dataclass(frozen=True)
class Office:
    """Exports, form1.toml and output below `root`; with `quick`, drawing takes no time and all else is the product."""

    root: Path
    quick: bool = True

    @classmethod
    def set_up(
        cls, root: Path, periods: Iterable[str] = ("2026-Q3",), *, quick: bool = True, more: str = ""
    ) -> "Office":
        """Make an office with the sample's exports; `more` is added to its configuration."""
        office = cls(root, quick)
        sample_of_the_year(office.exports)
        first = min(periods)
        (root / "form1.toml").write_text(
            f'exports = "exports"\noutput = "output"\nlanguage = "en"\n{more}\n'
            f'[run]\nsettle = 0\n[calendar]\nsince = "{first}"\n',
            encoding="utf-8",
        )
        return office

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def output(self) -> Path:
        return self.root / "output"

    def command(self, *arguments: str) -> list[str]:
        """A call of the command line in this office, on the morning of 20 October 2026."""
        how = ["--quick"] if self.quick else []
        return [
            sys.executable, "-m", "tests.unattended.quick", *how, "--on", "2026-10-20T06:30:00+04:00",
            *arguments, "--config", str(self.root / "form1.toml"),
        ]  # fmt: skip

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start a run in a session of its own."""
        return subprocess.Popen(
            self.command(*(arguments or ("run",))), cwd=REPOSITORY, env={**os.environ, **environment},
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8",
            start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, **environment: str) -> Ended:
        """Run to the end."""
        process = self.start(*arguments, **environment)
        out, line = process.communicate(timeout=HANGS)
        return Ended(process.returncode, out, line)

    def move_one_man(self, period: str = "2026-Q3", by: int = 7) -> None:
        """Change an export so that its period needs a revision."""
        path = self.exports / period / TEN
        head, men, women = path.read_bytes().splitlines(keepends=True)
        path.write_bytes(head + re.sub(rb"[0-9]+", lambda count: b"%d" % (int(count[0]) + by), men) + women)

    def copy(self, root: Path) -> "Office":
        """The same office somewhere else."""
        shutil.copytree(self.root, root, symlinks=True)
        return Office(root, self.quick)


def tree(output: Path, *, exact: bool = False) -> Tree:
    """Everything below an output that must be the same after equal runs: names, hashes, aims of links.

    Of a manifest all but the seal of the journal line before it, unless `exact`: a run that was killed leaves a line.
    """
    found: Tree = {}
    for path in sorted(output.rglob("*")):
        name = str(path.relative_to(output))
        if name.split("/", maxsplit=1)[0] in _VOLATILE:
            continue
        if path.is_symlink():
            found[name] = f"-> {os.readlink(path)}"
        elif path.is_dir():
            found[name] = "folder"
        else:
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest() if exact else _sha256(path)
    return found


def editions(output: Path) -> dict[str, Tree]:
    """Each edition that a reader can see, `2026-Q3/r1`, with the hashes of its files."""
    return {
        f"{folder.parent.name}/{folder.name}": {path.name: _sha256(path) for path in sorted(folder.iterdir())}
        for folder in sorted(output.glob("20*/r*"))
        if not folder.is_symlink()
    }


def published(output: Path) -> list[tuple[str, int]]:
    """Period and revision of every line of the journal, and what the line says of them."""
    lines = (output / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    return [(f"{line['event']} {line['period']}", line["revision"]) for line in map(json.loads, lines)]


def debris(output: Path) -> list[str]:
    """Whatever a run that did not end has left."""
    return sorted(str(path.relative_to(output)) for path in output.rglob(".unfinished*"))


def aims(output: Path) -> dict[str, str]:
    """Where each `latest` points, and nothing when there is none."""
    return {link.parent.name: os.readlink(link) for link in output.glob("20*/latest")}


def _sha256(path: Path) -> str:
    """The hash of what two runs that end alike give alike: of a manifest all but the seal that it follows."""
    content = path.read_bytes()
    if path.name == "manifest.json":
        content = re.sub(rb'"previous": "[0-9a-f]{64}"', b'"previous": ""', content)
    return hashlib.sha256(content).hexdigest()
