"""What the tables of a workbook have given so far, while it is read."""

from __future__ import annotations

from dataclasses import dataclass, field

from form1.core.cells import Address, Cell, SheetCell
from form1.core.findings import Finding
from form1.definition.layout import Layout


@dataclass
class Filling:
    """What the tables of a workbook have given so far."""

    cells: dict[Address, Cell] = field(default_factory=dict)
    at: dict[Address, SheetCell] = field(default_factory=dict)
    layouts: dict[str, Layout] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    is_undecided: bool = False
    """True when some table of the workbook is as much one of the form as another."""
    blank: dict[str, Finding] = field(default_factory=dict)
    """By table of a template into which nobody wrote anything: the finding that says so."""
    unclear: set[str] = field(default_factory=set)
    """Names of the sheets with a table that could be several of the form, or that stands elsewhere already."""
    used: dict[str, set[tuple[int, int]]] = field(default_factory=dict)
    """Cells of each form sheet that belong to a table, by the name of the sheet."""
    between: list[tuple[str, int, int, str]] = field(default_factory=list)
    """Figures in columns without a number between the counts of a table: sheet, row, column, table."""
    noted: set[tuple[str, int, int]] = field(default_factory=set)
    """Figures of notes below a table: sheet, row, column."""
    spots: dict[tuple[str, int, int], Address] = field(default_factory=dict)
    """Address in the form by sheet, row and column."""
    lines: dict[tuple[str, int], tuple[str, str]] = field(default_factory=dict)
    """Table and row of the form by sheet and row."""
    left: set[tuple[str, int]] = field(default_factory=set)
    """Lines of a template that nobody filled, by sheet and row: their sums say nothing."""
    computed: set[Address] = field(default_factory=set)
    """Cells of the form that hold a formula."""
