"""What a received workbook says of itself beside its numbers: that it brings an annex, that its data are invented."""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from pathlib import Path

from form1.core.texts import LANGUAGES, Text
from form1.definition import Form, load
from form1.definition.load import annexes_of
from form1.recognise import ReadForm
from form1.xlsx.read.raw import RawSheet


def annexes_in(form: Form, received: ReadForm) -> tuple[str, ...]:
    """Return the annexes of the definition of which a table stands in the workbook, when none is expected.

    Only asked where some table is not clear: a form without annexes costs nothing. Of an annex every table is wanted.
    """
    if form.annexes or not any(finding.message == "received_table_unclear" for finding in received.findings):
        return ()
    texts = {text for sheet in received.book.sheets for text in _texts(sheet)}
    return tuple(name for name in annexes_of(form.folder) if _stands(_titles(form.folder, form.sha256, name), texts))


@lru_cache(maxsize=8)
def _titles(folder: Path, sha256: str, name: str) -> tuple[Text, ...]:
    """The titles of an annex's tables; read once for many workbooks, as long as the definition is the same."""
    without, annexed = load(folder), load(folder, [name])
    return tuple(table.title for id, table in annexed.tables.items() if id not in without.tables)


def _stands(titles: tuple[Text, ...], texts: set[str]) -> bool:
    return any(title.of(language) in text for title in titles for language in LANGUAGES for text in texts)


def invented(form: Form, received: ReadForm) -> list[str]:
    """Return the first sheet that says that the data are invented, as the covers of such forms do; or nothing."""
    words = tuple(form.word("invented_data", language) for language in LANGUAGES)
    found = (sheet.name for sheet in received.book.sheets if any(text.startswith(words) for text in _texts(sheet)))
    return list(islice(found, 1))


def _texts(sheet: RawSheet) -> set[str]:
    return {" ".join(cell.text.split()) for cell in sheet.cells.values() if cell.kind == "t"}
