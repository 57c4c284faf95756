"""The annexes that a received workbook brings along, known by the titles of their tables."""

from __future__ import annotations

from form1.definition import Form, load
from form1.definition.load import annexes_of
from form1.receive import Received
from form1.texts import LANGUAGES


def annexes_in(form: Form, received: Received) -> tuple[str, ...]:
    """Return the annexes of the definition whose tables all stand in the workbook and are not expected.

    Only asked where some table is not clear: a form without annexes costs nothing.
    """
    if form.annexes or not any(finding.message == "received_table_unclear" for finding in received.findings):
        return ()
    cells = (cell for sheet in received.book.sheets for cell in sheet.cells.values())
    texts = {" ".join(cell.text.split()) for cell in cells if cell.kind == "t"}
    return tuple(name for name in annexes_of(form.folder) if _stands(form, load(form.folder, [name]), texts))


def _stands(without: Form, annexed: Form, texts: set[str]) -> bool:
    titles = [table.title for id, table in annexed.tables.items() if id not in without.tables]
    return all(any(title.of(language) in text for language in LANGUAGES for text in texts) for title in titles)
