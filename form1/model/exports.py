"""What is read from an export, before and after its contract was checked: what reading hands to assembling."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from form1.core.findings import Finding, Severity
from form1.core.periods import Period
from form1.model.forms import InputFile

if TYPE_CHECKING:
    import polars as pl

ACCOUNT: Final = "tabulation.json"
"""The file beside exports that were made from records: from which, by which rules, and what was left out."""
WARNINGS: Final = "warnings"
"""Where the account keeps what was to be said of the records: the form that is made from the exports says it again."""
INVENTED: Final = "INVENTED.json"
"""The file beside records that nobody collected: how they were made."""
INVENTED_PERSON: Final = re.compile(r"SMP[0-9]{9}")
"""Numbers of persons who do not exist: extracts that are copied without that file still say what they are."""


@dataclass(frozen=True)
class Account:
    """What `ACCOUNT` says: exports of `period` that cover the year to date."""

    period: Period
    input: InputFile
    written: Mapping[str, str]
    """The sha256 of each export by its name, as it was written."""
    rules: Mapping[str, Mapping[str, str]]
    """The counting rules of each table in words, by language."""
    is_invented: bool = False
    """True when the records are ones that nobody collected."""


PERIOD_STATED: Final = ":period"
"""Stands where a dimension stands, for a column that repeats the period; further ones are numbered."""


def label_of(dimension: str) -> str:
    """Return the column of a frame of lines that holds the label of a dimension as it stands in the file."""
    return f"label:{dimension}"


def cell_of(dimension: str) -> str:
    """Return the column of a frame of lines that says where the label of a dimension stands."""
    return f"cell:{dimension}"


@dataclass(frozen=True)
class Export:
    """One export as it was read: a frame of lines, one line per count, all text.

    `lines` has the columns `line` (Int64, line of the file or row of the sheet, from 1), `cell` (String, the sheet's
    column letter or the header of a text file's column, where the count stands), `label_of` and `cell_of` each
    dimension (String), and `written` (String, the count as it stands in the file). A column that repeats the period
    has `label_of` and `cell_of` PERIOD_STATED. Wide exports are laid long: the label of the dimension that lies across
    comes from the header. A column that the header does not have is not in the frame; the contract finds that out.
    """

    table: str
    input: InputFile
    sheet: str
    lines: pl.DataFrame
    header_line: int = 0
    """Line of the header; 0 where the file has none of its own, as in Parquet."""
    across: tuple[str, ...] = ()
    """The dimensions whose labels stand in the header, in columns of counts."""


@dataclass(frozen=True)
class CheckedCounts:
    """The counts of one table that keep the contract: lines of detail alone, totals were compared and left out.

    `frame` is the frame of lines with the columns that the contract added: one String column per dimension of the table
    (the code under which the form counts the line), `persons` (Int64, null where there is no number) and `status`
    (String, `Status`). These and `line` and `cell` are always there; the others only where an export was read.
    """

    table: str
    period: Period
    """The period of the folder in which the export stood."""
    input: InputFile
    sheet: str
    frame: pl.DataFrame

    @property
    def dimensions(self) -> list[str]:
        """The dimensions by which the counts are told apart."""
        others = {"line", "cell", "written", "count", "persons", "status"}
        return [column for column in self.frame.columns if ":" not in column and column not in others]


def kept_warnings(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the warnings among the findings as they stand in an account."""
    from pydantic import TypeAdapter

    kept = [f for f in findings if f.severity is Severity.WARNING]
    written: list[dict[str, Any]] = TypeAdapter(list[Finding]).dump_python(kept, mode="json", exclude_defaults=True)
    return written


def read_warnings(written: object) -> list[Finding]:
    """Return the warnings that an account keeps; ValueError when they are none."""
    from pydantic import TypeAdapter

    found = TypeAdapter(list[Finding]).validate_python(written)
    if any(finding.severity is not Severity.WARNING or finding.unreadable or finding.accepted for finding in found):
        raise ValueError("no warning")
    return found
