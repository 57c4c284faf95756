"""What a received workbook says of itself beside its numbers: that it brings an annex, that its data are invented."""

from __future__ import annotations

from itertools import islice

from form1.definition import Form, load
from form1.definition.load import annexes_of
from form1.receive import Received
from form1.receive.raw import RawSheet
from form1.texts import LANGUAGES


def annexes_in(form: Form, received: Received) -> tuple[str, ...]:
    """Return the annexes of the definition whose tables all stand in the workbook and are not expected.

    Only asked where some table is not clear: a form without annexes costs nothing.
    """
    if form.annexes or not any(finding.message == "received_table_unclear" for finding in received.findings):
        return ()
    texts = {text for sheet in received.book.sheets for text in _texts(sheet)}
    return tuple(name for name in annexes_of(form.folder) if _stands(form, load(form.folder, [name]), texts))


def _stands(without: Form, annexed: Form, texts: set[str]) -> bool:
    titles = [table.title for id, table in annexed.tables.items() if id not in without.tables]
    return all(any(title.of(language) in text for language in LANGUAGES for text in texts) for title in titles)


def invented(form: Form, received: Received) -> list[str]:
    """Return the first sheet that says that the data are invented, as the covers of such forms do; or nothing."""
    words = tuple(form.word("invented_data", language) for language in LANGUAGES)
    found = (sheet.name for sheet in received.book.sheets if any(text.startswith(words) for text in _texts(sheet)))
    return list(islice(found, 1))


def _texts(sheet: RawSheet) -> set[str]:
    return {" ".join(cell.text.split()) for cell in sheet.cells.values() if cell.kind == "t"}
