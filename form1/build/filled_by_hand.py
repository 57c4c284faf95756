"""Templates filled by hand in place of exports: found in the folder of a period, read, and turned into counts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from form1 import recognise, rules
from form1.core.cells import Address
from form1.core.findings import Finding, Place, Severity
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.definition import Form
from form1.definition.fillable import is_input
from form1.definition.rulebook import Kind
from form1.model.exports import CheckedCounts
from form1.model.forms import InputFile
from form1.recognise import ReadForm, Refusal

_SUMS: Kind = "adds_up"


@dataclass(frozen=True)
class FilledIn:
    """What the template in the folder of a period holds."""

    files: tuple[str, ...] = ()
    """Names of the files that are templates; there should be one at most."""
    held: frozenset[str] = frozenset()
    """Tables that it is there for, rightly filled or not: no export may give them too."""
    counts: Mapping[str, CheckedCounts] = field(default_factory=dict)
    """By table, for those that can be used."""
    findings: tuple[Finding, ...] = ()
    blank: Mapping[str, Finding] = field(default_factory=dict)
    """By table into which nobody wrote anything: what is wrong where no export gives it. It is not among the others."""
    inputs: tuple[InputFile, ...] = ()
    signatories: Mapping[str, str] = field(default_factory=dict)
    """What its cover says of those who sign, by the keys of form1.toml."""


class Templates:
    """The templates in a folder of exports, each read when it is first asked for."""

    def __init__(self, form: Form, exports: Path) -> None:
        self._form, self._exports = form, exports
        self._read: dict[Period, FilledIn] = {}

    def of(self, period: Period) -> FilledIn:
        """Return what the template of a period holds; nothing when there is none."""
        if period not in self._read:
            self._read[period] = _of_folder(self._form, self._exports / str(period), period)
        return self._read[period]


def _of_folder(form: Form, folder: Path, period: Period) -> FilledIn:
    try:
        paths = sorted(path for path in folder.glob("*.xlsx") if not path.name.startswith((".", "~$")))
        found = [path for path in paths if path.is_file() and not path.is_symlink() and recognise.is_template(path)]
    except OSError:
        return FilledIn()  # whoever reads the exports says why
    if not found:
        return FilledIn()
    names = tuple(path.name for path in found)
    everything = frozenset(form.tables)
    if len(found) > 1:
        twice = Finding.of("fillin_twice", files=names)
        return FilledIn(names, everything, findings=(twice,))
    return _read(form, found[0], period)


def _read(form: Form, path: Path, period: Period) -> FilledIn:
    name, everything = f"{period}/{path.name}", frozenset(form.tables)
    received = recognise.receive(form, path, period)
    if isinstance(received, Refusal):
        finding = Finding.of("fillin_unreadable", Place(file=name), reason=_reason(form, received))
        return FilledIn((path.name,), everything, findings=(finding,))
    input = replace(received.file, name=name)
    blank = {table: _in_file(received, finding, name) for table, finding in received.blank.items()}
    found = [
        _in_file(received, finding, name)
        for finding in [*received.findings, *_negative(received), *_sums(form, received)]
        if finding not in received.blank.values()
    ]
    wrong = blank.keys() | {finding.place.table for finding in found if finding.severity == Severity.ERROR}
    # An error of no table, such as a template for another period, makes all of it unusable.
    usable = [] if "" in wrong else [table for table in received.layouts if table not in wrong]
    counts = {table: _counts(received, table, period, input) for table in usable}
    if counts:
        found.append(Finding.of("fillin_used", Place(file=name), tables=", ".join(counts)))
    signatories = received.signatories if counts else {}
    return FilledIn(
        files=(path.name,),
        held=everything - blank.keys(),
        counts=counts,
        findings=tuple(found),
        blank=blank,
        inputs=(input,),
        signatories=signatories,
    )


def _sums(form: Form, received: ReadForm) -> Iterable[Finding]:
    """Sums that a hand wrote over a formula, and formulas that were changed: each must equal its parts."""
    if received.period is None:
        return []
    judged, results = rules.judge(form, received.period, received.cells, received.layouts, {})
    wanted = {result.rule for result in results if result.kind == _SUMS}
    return [finding for finding in judged if finding.rule in wanted]


def _negative(received: ReadForm) -> Iterable[Finding]:
    for address, cell in received.cells.items():
        if cell.value is not None and cell.value < 0:
            yield Finding.of("received_not_a_count", Place(*address), found=str(cell.value))


def _in_file(received: ReadForm, finding: Finding, name: str) -> Finding:
    """The finding at the cell of the template."""
    place = finding.place
    sheet, cell = received.at.get(place.address, (place.sheet, place.cell))
    return replace(finding, place=replace(place, file=name, sheet=sheet, cell=cell))


def _counts(received: ReadForm, table: str, period: Period, input: InputFile) -> CheckedCounts:
    """The open cells of a table as the counts of an export; sums are left out, they were checked."""
    import polars as pl

    layout = received.layouts[table]
    records: list[tuple[object, ...]] = []
    sheet = ""
    for row in layout.rows:
        for column in layout.columns:
            if not is_input(row, column):
                continue
            address = Address(table, row.code, column.code)
            keys = {**row.keys, **column.keys}
            sheet, at = received.at[address]
            letters = at.rstrip("0123456789")
            cell = received.cells[address]
            codes = (keys[dimension] for dimension in layout.table.dimensions)
            records.append((int(at[len(letters) :]), letters, *codes, cell.value, str(cell.status)))
    names = ("line", "cell", *layout.table.dimensions, "persons", "status")
    schema = {name: pl.Int64 if name in {"line", "persons"} else pl.String for name in names}
    return CheckedCounts(table, period, input, sheet, pl.DataFrame(records, schema=schema, orient="row"))


def _reason(form: Form, refusal: Refusal) -> Text:
    spoken = {language: recognise.sentence(form, refusal, language) for language in LANGUAGES}
    return Text(az=spoken["az"], en=spoken["en"], ru=spoken["ru"])
