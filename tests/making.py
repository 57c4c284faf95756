"""Small things that tests make: counts of a table, filled forms, scratch copies of reference/."""

import itertools
import resource
import shutil
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import polars as pl

from form1.core.periods import Period
from form1.definition import Form, load
from form1.definition.records import Table
from form1.model.exports import CheckedCounts
from form1.model.forms import InputFile

Count = Callable[[str, Mapping[str, str]], int | None]
REPOSITORY = Path(__file__).parents[1]
HANGS = 1800
"""Seconds after which a program is taken for dead; no bound on its work, and for no machine too few."""
SAMPLE = REPOSITORY / "sample_data" / "exports"


def counts(
    form: Form, table: Table, period: Period, rows: list[tuple[dict[str, str], int | None]], status: str = ""
) -> CheckedCounts:
    """Counts of one export: codes by dimension and persons; None is a gap with `status`."""
    records = [
        (
            line,
            "persons",
            *(keys[dimension] for dimension in table.dimensions),
            persons,
            "number" if persons is not None else status,
        )
        for line, (keys, persons) in enumerate(rows, start=2)
    ]
    schema = {
        "line": pl.Int64,
        "cell": pl.String,
        **dict.fromkeys(table.dimensions, pl.String),
        "persons": pl.Int64,
        "status": pl.String,
    }
    frame = pl.DataFrame(records, schema=schema, orient="row")
    return CheckedCounts(table.id, period, InputFile(f"{period}/{table.id}.csv", 1, "0" * 64), "", frame)


def everywhere(form: Form, table: Table, period: Period, count: Count) -> CheckedCounts:
    """Counts for every combination of codes in force, as `count` says for each."""
    lists = [
        [
            entry.code
            for entry in form.codelist_of(table, dimension).on(period.last_day)
            if not entry.counted_as and not entry.flags & {"observed", "territory"} and entry.code not in {"AZ", "XXX"}
        ][: 12 if dimension == "country" else None]
        for dimension in table.dimensions
    ]
    combinations = (dict(zip(table.dimensions, codes, strict=True)) for codes in itertools.product(*lists))
    return counts(form, table, period, [(keys, count(table.id, keys)) for keys in combinations])


def of_tables(form: Form, tables: Sequence[str]) -> Form:
    """The form with a few of its tables, where the others are no matter and cost time."""
    identity = form.identity.model_copy(update={"tables": tuple(tables)})
    return replace(form, identity=identity, tables={id: form.tables[id] for id in tables})


def scratch_reference(folder: Path) -> Path:
    """A copy of reference/ that a test may change."""
    return Path(shutil.copytree(REPOSITORY / "reference", folder / "reference"))


def edited(folder: Path, file: str, was: str, becomes: str) -> Form:
    """Load a scratch reference after one edit; the edit must have found its place."""
    path = scratch_reference(folder) / file if not (folder / "reference").exists() else folder / "reference" / file
    text = path.read_text(encoding="utf-8")
    assert was in text
    path.write_text(text.replace(was, becomes, 1), encoding="utf-8")
    return load(folder / "reference")


def sample_of_the_year(folder: Path) -> Path:
    """The sample's exports of 2026 alone: what a quarter of it adds up, and no earlier year to be compared with."""
    return Path(shutil.copytree(SAMPLE, folder, ignore=shutil.ignore_patterns("2025*")))


def processor_seconds() -> float:
    """What this process and its ended children have worked, whatever else the machine does meanwhile."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def parts(workbook: Path) -> list[tuple[str, tuple[int, ...], bytes]]:
    """Name, date and content of every part: compressed bytes depend on the version of zlib, these do not."""
    with zipfile.ZipFile(workbook) as package:
        return [(info.filename, info.date_time, package.read(info)) for info in package.infolist()]
