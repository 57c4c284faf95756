"""Who signs a form that was filled by hand: what stands beside the labels of the signature block on its cover."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.recognise.view import View, digits
from form1.xlsx.read.formats import is_date
from form1.xlsx.read.formulas import number_of
from form1.xlsx.read.raw import RawCell

_LONGEST: Final = 200
_FIRST_DAY: Final = date(1899, 12, 30)
_LAST_DAY: Final = 2_958_465


def signatories_of(form: Form, views: Iterable[View]) -> dict[str, str]:
    """Return what was typed into the signature block, by the keys of form1.toml; lines left open are left out.

    `views` are the sheets that hold no table. The last label in a sheet counts: the block stands at its end.
    """
    found: dict[str, str] = {}
    for view in views:
        ends = {(top, left): right for top, left, _, right in view.sheet.merges}
        for row, column, text in view.texts(1, max(view.rows, default=0)):
            for field in form.identity.signature:
                if any(view.words.same(text, field.label.of(language)) for language in LANGUAGES):
                    typed = _text(view.cell(row, ends.get((row, column), column) + 1))
                    if typed:
                        found[field.from_configuration] = typed
    return found


def _text(cell: RawCell | None) -> str:
    """What a cell says: a day as 25.10.2026, a number without its zeros behind the point."""
    if cell is None or cell.kind not in {"t", "n", "d"}:
        return ""
    if cell.kind == "n" and is_date(cell.format):
        number = number_of(cell.text)
        if number is not None and 0 < number <= _LAST_DAY:
            return (_FIRST_DAY + timedelta(int(number))).strftime("%d.%m.%Y")
    text = digits(cell) if cell.kind == "n" else cell.text
    return " ".join(text.split())[:_LONGEST]
