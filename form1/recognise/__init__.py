"""Receiving: from a workbook that somebody sent to the same frame of cells as `build` makes, and what is odd about it.

The gate looks at the package before anything parses it, a child process with limits reads its cells, and the form is
found in them by what stands there. The names of this package are fetched when they are asked for: the child process
imports its reader from here and must not load the definition of the form.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from form1.core.periods import Period
    from form1.definition.form import Form
    from form1.recognise.places import Framed, Places
    from form1.recognise.received import ReadForm, sentence
    from form1.xlsx.read.gate import Admitted
    from form1.xlsx.read.raw import RawBook
    from form1.xlsx.read.refusal import Refusal

__all__ = ["ReadForm", "Refusal", "is_template", "locate", "open_blank", "receive", "sentence", "understand"]


def receive(form: Form, path: Path, period: Period | None = None) -> ReadForm | Refusal:
    """Return what the workbook at `path` holds, or why it is not read; `period` overrides the one that it states."""
    from form1.xlsx.read.gate import inspect
    from form1.xlsx.read.reading import read
    from form1.xlsx.read.refusal import Refusal

    admitted = inspect(path)
    if isinstance(admitted, Refusal):
        return admitted
    book = read(admitted)
    if isinstance(book, Refusal):
        return book
    return understand(form, book, admitted, period)


def understand(form: Form, book: RawBook, admitted: Admitted, period: Period | None = None) -> ReadForm:
    """Return the form that stands in a workbook that was read; `period` overrides the one that it states."""
    from form1.recognise.workbook import understand

    return understand(form, book, admitted, period)


def is_template(path: Path) -> bool:
    """True when a file looks like a template that a person fills by hand."""
    from form1.recognise import fill_in_form

    return fill_in_form.is_template(path)


def open_blank(path: Path) -> tuple[bytes, RawBook] | Refusal:
    """Return the bytes of a blank workbook and what stands in it, or why it is not read."""
    from form1.xlsx.read.gate import inspect
    from form1.xlsx.read.reading import read
    from form1.xlsx.read.refusal import Refusal

    admitted = inspect(path)
    if isinstance(admitted, Refusal):
        return admitted
    book = read(admitted)
    return book if isinstance(book, Refusal) else (admitted.content, book)


def locate(form: Form, book: RawBook, period: Period, framed: Framed) -> Places:
    """Return where the numbers of the form belong in a blank workbook."""
    from form1.recognise.places import locate

    return locate(form, book, period, framed)


def __getattr__(name: str) -> Any:
    if name in {"ReadForm", "sentence"}:
        from form1.recognise import received

        return getattr(received, name)
    if name == "Refusal":
        from form1.xlsx.read.refusal import Refusal

        return Refusal
    raise AttributeError(name)
