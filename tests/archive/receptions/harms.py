"""What somebody can do to a register of receptions: does `form1 verify --register` find each harm?

    python -m tests.archive.receptions.harms [--times 1000] [--seed 1]

A harm is done to a copy of a small register, looked for, and undone. Two kinds leave a register that is sound in itself
(its end taken away, or all of it written anew): they are found by a seal that was kept outside.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from form1.archive.receptions import Register, harms
from form1.archive.store import journal
from tests.archive.receptions.small import a_register


class Harmed:
    """The register that is harmed."""

    def __init__(self, folder: Path, chance: random.Random) -> None:
        self.folder, self.chance = folder, chance

    def receptions(self) -> list[Path]:
        return sorted(path for path in self.folder.glob("*/r*") if path.is_dir() and not path.is_symlink())

    def acceptances(self) -> list[Path]:
        return sorted(self.folder.glob("*/acceptance-*.json"))

    def files(self) -> list[Path]:
        inner = [path for folder in self.receptions() for path in sorted(folder.iterdir())]
        return [*inner, *self.acceptances(), self.folder / journal.FILE]

    def file(self) -> Path:
        return self.chance.choice(self.files())

    def lines(self) -> list[bytes]:
        return (self.folder / journal.FILE).read_bytes().splitlines(keepends=True)

    def write(self, lines: list[bytes]) -> None:
        (self.folder / journal.FILE).write_bytes(b"".join(lines))


def a_byte_is_another(at: Harmed) -> None:
    path = at.file()
    content = bytearray(path.read_bytes())
    content[at.chance.randrange(len(content))] ^= at.chance.randrange(1, 256)
    path.write_bytes(content)


def a_file_is_cut(at: Harmed) -> None:
    path = at.file()
    os.truncate(path, at.chance.randrange(path.stat().st_size))


def a_file_is_gone(at: Harmed) -> None:
    at.file().unlink()


def a_file_is_added(at: Harmed) -> None:
    place = at.chance.choice([at.folder, *at.receptions(), *(path.parent for path in at.receptions())])
    (place / at.chance.choice(["note.txt", "r9", ".hidden", "acceptance-9.json", "letter.docx"])).write_bytes(b"x")


def a_reception_is_gone(at: Harmed) -> None:
    shutil.rmtree(at.chance.choice(at.receptions()))


def a_reception_is_copied(at: Harmed) -> None:
    folder = at.chance.choice(at.receptions())
    shutil.copytree(folder, folder.with_name(f"r{at.chance.randrange(7, 99)}"))


def a_reception_moves_to_another_period(at: Harmed) -> None:
    folder = at.chance.choice(at.receptions())
    (at.folder / "2026-Q1").mkdir()
    folder.rename(at.folder / "2026-Q1" / "r1")


def two_receptions_change_places(at: Harmed) -> None:
    _swap(*at.chance.sample(at.receptions(), 2))


def two_files_change_places(at: Harmed) -> None:
    _swap(*at.chance.sample(sorted(at.chance.choice(at.receptions()).iterdir()), 2))


def two_acceptances_change_places(at: Harmed) -> None:
    _swap(*at.chance.sample(at.acceptances(), 2))


def the_time_of_receipt_is_another(at: Harmed) -> None:
    """In the manifest, or in the journal."""
    if at.chance.random() < 0.5:
        path = at.chance.choice(at.receptions()) / "manifest.json"
        content = json.loads(path.read_bytes())
        content["received"] = f"2026-10-0{at.chance.randrange(1, 9)}T10:00:00+04:00"
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    else:
        _edit_line(at, time=f"2026-10-0{at.chance.randrange(1, 9)}T10:00:00+04:00")


def a_line_says_something_else(at: Harmed) -> None:
    change = at.chance.choice([{"verdict": "x"}, {"revision": 77}, {"period": "2025-Q1"}, {"event": "accepted"}])
    _edit_line(at, **change)


def a_file_and_its_manifest_are_written_anew(at: Harmed) -> None:
    folder = at.chance.choice(at.receptions())
    (folder / "received.xlsx").write_bytes(bytes(at.chance.randrange(256) for _ in range(30)))
    _tell(folder)


def a_reception_and_its_line_are_written_anew(at: Harmed) -> None:
    """With a true seal of that line; the chain after it is not true."""
    folder = at.chance.choice(at.receptions()[:-1])
    (folder / "received.xlsx").write_bytes(bytes(at.chance.randrange(256) for _ in range(30)))
    _tell(folder)
    lines = at.lines()
    for number, line in enumerate(lines):
        entry = json.loads(line)
        if (entry["event"], entry["period"], f"r{entry['revision']}") == ("received", folder.parent.name, folder.name):
            lines[number] = _sealed({**entry, "manifest_sha256": _sha256(folder / "manifest.json")})
    at.write(lines)


def a_line_is_gone(at: Harmed) -> None:
    lines = at.lines()
    del lines[at.chance.randrange(len(lines))]
    at.write(lines)


def a_line_is_there_twice(at: Harmed) -> None:
    at.write([*at.lines(), at.chance.choice(at.lines())])


def two_lines_change_places(at: Harmed) -> None:
    lines = at.lines()
    one, other = at.chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    at.write(lines)


def the_journal_is_cut(at: Harmed) -> None:
    path = at.folder / journal.FILE
    os.truncate(path, at.chance.randrange(path.stat().st_size))


def latest_points_elsewhere(at: Harmed) -> None:
    link = at.chance.choice(at.receptions()).parent / "latest"
    link.unlink()
    link.symlink_to("r0")


def the_end_is_taken_away(at: Harmed) -> None:
    """The last lines with what they tell: what is left is a register of before."""
    lines = at.lines()
    kept = at.chance.randrange(1, len(lines))
    counted: Counter[str] = Counter()
    for number, line in enumerate(lines):
        entry = json.loads(line)
        home = at.folder / entry["period"]
        if entry["event"] == "accepted":
            counted[entry["period"]] += 1
            path = home / f"acceptance-{counted[entry['period']]}.json"
        else:
            path = home / f"r{entry['revision']}"
        if number >= kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    _point(at.folder)
    at.write(lines[:kept])


def all_is_written_anew(at: Harmed) -> None:
    """One file, its manifest, and every line of the journal with a true seal."""
    folder = at.chance.choice(at.receptions())
    (folder / "received.xlsx").write_bytes(bytes(at.chance.randrange(256) for _ in range(30)))
    _tell(folder)
    lines, previous = [], "0" * 64
    for line in at.lines():
        entry = {**json.loads(line), "previous": previous}
        if entry["event"] == "received":
            place = at.folder / entry["period"] / f"r{entry['revision']}"
            entry["manifest_sha256"] = _sha256(place / "manifest.json")
        lines.append(_sealed(entry))
        previous = json.loads(lines[-1])["seal"]
    at.write(lines)


HARMS: tuple[Callable[[Harmed], None], ...] = tuple(
    value
    for value in list(globals().values())
    if callable(value) and getattr(value, "__annotations__", {}).get("at") is Harmed and value.__name__[0] != "_"
)


def is_found(folder: Path, seal: str) -> bool:
    """True when the proof, with the seal that was kept outside, finds anything wrong."""
    known = journal.read(folder)
    return bool(list(harms(Register(folder), known))) or seal not in {entry.seal for entry in known.entries}


def trial(folder: Path, times: int, seed: int) -> tuple[Counter[str], Counter[str], list[str]]:
    """Do so many harms to copies; return what was found and done by kind, and what was missed."""
    kept = journal.read(folder).seal
    assert not is_found(folder, kept)
    found, done, missed = Counter[str](), Counter[str](), list[str]()
    before = _all(folder)
    for number in range(times):
        harm = HARMS[number % len(HARMS)]
        for attempt in range(100):
            copy = folder.with_name(f"harmed-{number}")
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy, symlinks=True)
            harm(Harmed(copy, random.Random(f"{seed} {number} {attempt}")))
            if _all(copy) != before:
                break
        else:
            raise AssertionError(f"{harm.__name__} changes nothing")
        done[harm.__name__] += 1
        if is_found(copy, kept):
            found[harm.__name__] += 1
        else:
            missed.append(f"{number}: {harm.__name__}")
        shutil.rmtree(copy)
    return found, done, missed


def main() -> int:
    """Try, and print what was found; 1 when a harm was not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="form1-harms-") as scratch:
        register = a_register(Path(scratch) / "register")
        found, done, missed = trial(register.folder, options.times, options.seed)
    print(f"{sum(done.values())} harms of {len(done)} kinds: {sum(found.values())} found")
    for name, count in done.items():
        print(f"  {found[name]:4} of {count:4}  {name.replace('_', ' ')}")
    for each in missed:
        print(f"missed: {each}")
    return 1 if missed else 0


def _all(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): os.readlink(path)
        if path.is_symlink()
        else _sha256(path)
        if path.is_file()
        else ""
        for path in folder.rglob("*")
    }


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _swap(one: Path, other: Path) -> None:
    apart = one.with_name("apart")
    one.rename(apart)
    other.rename(one)
    apart.rename(other)


def _edit_line(at: Harmed, **change: object) -> None:
    lines = at.lines()
    number = at.chance.randrange(len(lines))
    lines[number] = json.dumps({**json.loads(lines[number]), **change}, ensure_ascii=False).encode() + b"\n"
    at.write(lines)


def _sealed(entry: dict[str, object]) -> bytes:
    entry = {name: value for name, value in entry.items() if name != "seal"}
    seal = hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
    return json.dumps({**entry, "seal": seal}, ensure_ascii=False).encode() + b"\n"


def _tell(folder: Path) -> None:
    """Write the manifest anew, so that it is true of the files as they are now."""
    path = folder / "manifest.json"
    content = json.loads(path.read_bytes())
    for file in content["outputs"]:
        written = (folder / file["name"]).read_bytes()
        file.update(size=len(written), sha256=hashlib.sha256(written).hexdigest())
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _point(folder: Path) -> None:
    """Remove empty periods, and make each `latest` point at the last reception that is left."""
    for home in [path for path in folder.iterdir() if path.is_dir()]:
        left = sorted(path.name for path in home.glob("r*") if not path.is_symlink())
        (home / "latest").unlink()
        if left:
            (home / "latest").symlink_to(left[-1])
        else:
            shutil.rmtree(home)


if __name__ == "__main__":
    sys.exit(main())
