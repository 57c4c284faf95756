"""Files that lie, burst, wander or ask for more than a form: each with the outcome that it must have.

    python -m tests.xlsx.read.hostile FOLDER     writes them all there

The outcome is the message of the refusal, or for a file that is read the messages of its findings.
"""

import sys
from pathlib import Path

from tests.xlsx.read import hostile_packages, hostile_sheets
from tests.xlsx.read.hostile_packages import Hostile


def hostile_files() -> list[Hostile]:
    """Every file of the set."""
    return [
        *hostile_packages.other_kinds(),
        *hostile_packages.packages(),
        *hostile_packages.markup(),
        *hostile_sheets.contents(),
        *hostile_sheets.readers(),
        *hostile_sheets.admitted(),
    ]


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for place, each in enumerate(hostile_files(), start=1):
        name = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in each.id)
        (folder / f"{place:03}_{name}.xlsx").write_bytes(each.make())
        print(f"{place:03}  {each.id}: {each.refused or ', '.join(sorted(each.findings)) or 'read without a finding'}")
