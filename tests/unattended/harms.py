"""What somebody, or a dying disk, can do to an archive: does `form1 verify all` find each harm?

    python -m tests.unattended.harms [--times 1000] [--seed 1]

An archive of the product: two quarters, one of them in three revisions. A harm is done to a copy, looked for, undone. The
kinds come by turns; where the hashes say nothing, the numbers of workbook, PDF and CSV are held against each other, as
`form1 verify all` does in any case.
"""

import argparse
import hashlib
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from form1.archive.signing import Trust
from form1.archive.store import proof
from form1.archive.verify import verify
from tests.unattended.places import Office, tree

JOURNAL = "journal.jsonl"


class Archive:
    """The archive that is harmed."""

    def __init__(self, output: Path, chance: random.Random) -> None:
        self.output, self.chance = output, chance

    @property
    def folders(self) -> list[Path]:
        return sorted(path for path in self.output.glob("20*/r*") if not path.is_symlink())

    def folder(self) -> Path:
        return self.chance.choice(self.folders)

    def file(self, *, but: str = "") -> Path:
        """Any file of an edition, or the journal."""
        files = [path for folder in self.folders for path in sorted(folder.iterdir()) if path.name != but]
        return self.chance.choice([*files, self.output / JOURNAL])

    def output_of(self, folder: Path) -> Path:
        """A file of an edition that its manifest names."""
        return self.chance.choice([path for path in sorted(folder.iterdir()) if path.name != "manifest.json"])

    def lines(self) -> list[bytes]:
        return (self.output / JOURNAL).read_bytes().splitlines(keepends=True)

    def write_lines(self, lines: list[bytes]) -> None:
        (self.output / JOURNAL).write_bytes(b"".join(lines))


def a_bit_is_flipped(at: Archive) -> None:
    path = at.file()
    content = bytearray(path.read_bytes())
    content[at.chance.randrange(len(content))] ^= 1 << at.chance.randrange(8)
    path.write_bytes(content)


def a_byte_is_another(at: Archive) -> None:
    path = at.file()
    content = bytearray(path.read_bytes())
    place = at.chance.randrange(len(content))
    content[place] = (content[place] + at.chance.randrange(1, 256)) % 256
    path.write_bytes(content)


def a_block_is_zero(at: Archive) -> None:
    path = at.file()
    content = path.read_bytes()
    place = at.chance.randrange(len(content)) // 512 * 512
    block = content[place : place + 512]
    path.write_bytes(content[:place] + bytes(len(block)) + content[place + 512 :])


def a_file_is_cut(at: Archive) -> None:
    path = at.file()
    os.truncate(path, at.chance.randrange(path.stat().st_size))


def a_file_is_longer(at: Archive) -> None:
    with at.file().open("ab") as file:
        file.write(at.chance.choice([b"\n", b" ", b"\0", b"junk"]))


def a_file_is_missing(at: Archive) -> None:
    at.file().unlink()


def a_file_is_extra(at: Archive) -> None:
    name = at.chance.choice(["notes.txt", "cells.csv.bak", ".hidden", "manifest.json.p7s", "~$form1.xlsx", "r9"])
    place = at.folder()
    place = at.chance.choice([place, place.parent])
    at.chance.choice([lambda path: path.mkdir(), lambda path: path.write_bytes(b"")])(place / name)


def two_files_are_swapped(at: Archive) -> None:
    folder = at.folder()
    one, other = at.chance.sample(sorted(folder.iterdir()), 2)
    _swap(one, other)


def the_same_file_of_two_editions_is_swapped(at: Archive) -> None:
    one, other = at.chance.sample(at.folders, 2)
    name = at.chance.choice(sorted({path.name for path in one.iterdir()} & {path.name for path in other.iterdir()}))
    _swap(one / name, other / name)


def two_editions_are_swapped(at: Archive) -> None:
    _swap(*at.chance.sample(at.folders, 2))


def an_edition_is_gone(at: Archive) -> None:
    shutil.rmtree(at.folder())


def an_edition_is_copied(at: Archive) -> None:
    folder = at.folder()
    shutil.copytree(folder, folder.with_name(f"r{at.chance.randrange(4, 99)}"))


def an_edition_is_renamed(at: Archive) -> None:
    folder = at.folder()
    folder.rename(folder.with_name(at.chance.choice(["r77", "r01", "R1", "old"])))


def a_link_takes_the_place_of_a_file(at: Archive) -> None:
    path = at.output_of(at.folder())
    away = at.output / "apart"
    path.rename(away)
    path.symlink_to(away)


def the_manifest_is_edited(at: Archive) -> None:
    path = at.folder() / "manifest.json"
    content = json.loads(path.read_bytes())
    place = content
    key = at.chance.choice(sorted(place))
    while isinstance(place[key], (dict, list)) and place[key]:
        place = place[key]
        key = at.chance.choice(sorted(place)) if isinstance(place, dict) else at.chance.randrange(len(place))
    place[key] = at.chance.choice(["", 0, "accepted", "f" * 64, None, 10**9])
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def a_file_and_its_manifest_are_edited(at: Archive) -> None:
    folder = at.folder()
    _edit(at.output_of(folder), at.chance)
    _tell(folder)


def a_number_and_its_manifest_and_its_line_are_edited(at: Archive) -> None:
    """As one would who wants it to look true; the line's seal is made anew too, the chain after it is not."""
    folder = at.chance.choice(at.folders[:-1])
    _edit(folder / "cells.csv", at.chance)
    _tell(folder)
    lines = at.lines()
    for number, line in enumerate(lines):
        entry = json.loads(line)
        if (entry["period"], f"r{entry['revision']}") == (folder.parent.name, folder.name):
            entry["manifest_sha256"] = hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()
            entry.pop("seal")
            seal = hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
            lines[number] = json.dumps({**entry, "seal": seal}, ensure_ascii=False).encode() + b"\n"
    at.write_lines(lines)


def everything_is_edited_but_workbook_and_pdf(at: Archive) -> None:
    """The numbers, the manifest, and the whole journal sealed anew: only the other files of the edition still tell."""
    folder = at.folder()
    path = folder / "cells.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    place = at.chance.choice([n for n, row in enumerate(rows) if row.split(",")[3].isdecimal()])
    table, row, column, value, status = rows[place].split(",")
    rows[place] = ",".join([table, row, column, str(int(value) + at.chance.randrange(1, 500)), status])
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    _tell(folder)
    previous, lines = "0" * 64, []
    for line in at.lines():
        entry = json.loads(line)
        entry.pop("seal")
        home = at.output / entry["period"] / f"r{entry['revision']}"
        entry["manifest_sha256"] = hashlib.sha256((home / "manifest.json").read_bytes()).hexdigest()
        entry["previous"] = previous
        previous = hashlib.sha256(json.dumps(entry, ensure_ascii=False).encode()).hexdigest()
        lines.append(json.dumps({**entry, "seal": previous}, ensure_ascii=False).encode() + b"\n")
    at.write_lines(lines)


def the_journal_is_cut(at: Archive) -> None:
    path = at.output / JOURNAL
    os.truncate(path, at.chance.randrange(path.stat().st_size))


def the_journal_is_cut_after_a_line(at: Archive) -> None:
    lines = at.lines()
    at.write_lines(lines[: at.chance.randrange(len(lines))])


def a_line_is_gone(at: Archive) -> None:
    lines = at.lines()
    del lines[at.chance.randrange(len(lines))]
    at.write_lines(lines)


def a_line_is_there_twice(at: Archive) -> None:
    lines = at.lines()
    at.write_lines([*lines, at.chance.choice(lines)])


def two_lines_are_swapped(at: Archive) -> None:
    lines = at.lines()
    one, other = at.chance.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    at.write_lines(lines)


def a_line_is_edited(at: Archive) -> None:
    lines = at.lines()
    number = at.chance.randrange(len(lines))
    entry = json.loads(lines[number])
    key = at.chance.choice(sorted(entry))
    entry[key] = {"revision": 9, "number": 9}.get(key, "2026-10-01T00:00:00+04:00" if key == "time" else "x")
    lines[number] = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
    at.write_lines(lines)


def latest_points_elsewhere(at: Archive) -> None:
    link = at.folder().parent / "latest"
    aim = os.readlink(link)
    link.unlink()
    wrong = at.chance.choice(["r9", "..", "/", ".", "", "r0", "folder"])
    if wrong == "folder":
        shutil.copytree(link.with_name(aim), link)
    elif wrong:
        link.symlink_to(wrong)


Harm = Callable[[Archive], None]
HARMS: tuple[Harm, ...] = tuple(
    value
    for name, value in list(globals().items())
    if callable(value) and getattr(value, "__annotations__", {}).get("at") is Archive
)


def main() -> int:
    """Try, and print what was found; 1 when a harm was not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="form1-harms-") as scratch:
        office = Office.set_up(Path(scratch) / "office", ("2026-Q2", "2026-Q3"), quick=False)
        for _ in range(3):
            assert office.run().code == 0
            office.move_one_man()
        began = time.monotonic()
        found, done, missed = trial(office.output, options.times, options.seed)
    print(
        f"{sum(done.values())} harms of {len(done)} kinds in {time.monotonic() - began:.0f} s: {sum(found.values())} found"
    )
    for name, count in done.items():
        print(f"  {found[name]:4} of {count:4}  {name.replace('_', ' ')}")
    for each in missed:
        print(f"missed: {each}")
    return 1 if missed else 0


def with_numbers(output: Path) -> bool:
    """True when `form1 verify all` finds a harm; the hashes are asked first, since they are quick."""
    return bool(list(proof.harms(output)) or verify(output, "all", Trust.of(None)).harms)


def trial(
    output: Path, times: int, seed: int, looks: Callable[[Path], bool] = with_numbers, kinds: Sequence[Harm] = ()
) -> tuple[Counter[str], Counter[str], list[str]]:
    """Do so many harms; return what was found and done by kind, and what was missed."""
    kinds = kinds or HARMS
    assert not looks(output)
    sound = output.with_name("sound")
    shutil.copytree(output, sound, symlinks=True)
    before = _all(output)
    found, done, missed = Counter[str](), Counter[str](), list[str]()
    for number in range(times):
        harm = kinds[number % len(kinds)]
        for attempt in range(100):
            harm(Archive(output, random.Random(f"{seed} {number} {attempt}")))
            if _all(output) != before:
                break
            _restore(output, sound, before)
        else:
            raise AssertionError(f"{harm.__name__} changes nothing")
        done[harm.__name__] += 1
        if looks(output):
            found[harm.__name__] += 1
        else:
            missed.append(f"{number}: {harm.__name__}: {sorted(set(_all(output).items()) ^ set(before.items()))[:4]}")
        _restore(output, sound, before)
    return found, done, missed


def _all(output: Path) -> dict[str, str]:
    """Everything in the archive, the journal too."""
    journal = output / JOURNAL
    return {
        **tree(output, exact=True),
        JOURNAL: hashlib.sha256(journal.read_bytes()).hexdigest() if journal.exists() else "",
    }


def _restore(output: Path, sound: Path, before: dict[str, str]) -> None:
    for name in set(_all(output).items()) ^ set(before.items()):
        place = output / name[0]
        if place.is_dir() and not place.is_symlink():
            if name[0] not in before or before[name[0]] != "folder":
                shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)
    for name in sorted(before):
        place, whole = output / name, sound / name
        if before[name] == "folder":
            place.mkdir(exist_ok=True)
        elif not place.is_symlink() and not place.exists():
            shutil.copy2(whole, place, follow_symlinks=False)
    assert _all(output) == before


def _swap(one: Path, other: Path) -> None:
    apart = one.with_name("apart")
    one.rename(apart)
    other.rename(one)
    apart.rename(other)


def _edit(path: Path, chance: random.Random) -> None:
    content = path.read_bytes()
    place = chance.randrange(len(content))
    path.write_bytes(content[:place] + bytes([(content[place] + 1) % 256]) + content[place + 1 :])


def _tell(folder: Path) -> None:
    """Write the manifest anew, so that it is true of the files as they are now."""
    path = folder / "manifest.json"
    content = json.loads(path.read_bytes())
    for file in content["outputs"]:
        written = (folder / file["name"]).read_bytes()
        file.update(size=len(written), sha256=hashlib.sha256(written).hexdigest())
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
