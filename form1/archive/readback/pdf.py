"""The numbers of the printed tables, from the text of the PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence

from form1.archive.readback.expected import Expected

_SPACES = re.compile(r"[\s\u00a0\u202f]+")


def first_missing(content: bytes, tables: Sequence[Expected]) -> str:
    """Return which printed line the PDF does not have as expected, `T03 14`, or an empty string.

    Lines are looked for in their order: the line code followed by its numbers, table by table. A PDF that cannot be
    read has none: then the reason is returned.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
        pages = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    except (pypdfium2.PdfiumError, ValueError) as error:
        return str(error)[:120]
    text = _SPACES.sub(" ", " ".join(pages)).replace("\ufffe", "-") + " "
    at = 0
    for table in tables:
        for line in table.printed():
            at = _after(text, _SPACES.sub(" ", line), at)
            if at < 0:
                return f"{table.table.id} {line.partition(' ')[0]}"
    return ""


def _after(text: str, line: str, start: int) -> int:
    """Return where a line ends that stands whole in the text from `start` on, or -1."""
    at = text.find(line, start)
    while at >= 0:
        end = at + len(line)
        if not text[at - 1 : at].isdecimal() and not text[end].isdecimal():
            return end
        at = text.find(line, at + 1)
    return -1
