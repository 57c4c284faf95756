"""Pieces of Markdown: tables, lists, and text that keeps its letters."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from form1.core.texts import Text

_ESCAPED = str.maketrans({"|": r"\|", "<": "&lt;", "*": r"\*", "`": r"\`", "\n": " "})


def text(written: str | Text) -> str:
    """Return text of the definition, a translated one in English, so that Markdown shows its letters, in a table too.

    >>> text("a|b <c>")
    'a\\\\|b &lt;c>'
    """
    return (written if isinstance(written, str) else written.en).translate(_ESCAPED)


def code(written: str) -> str:
    """Return a code, a file name or a key as code; a backquote in it is kept."""
    fence = "``" if "`" in written else "`"
    space = " " if "`" in written else ""
    return f"{fence}{space}{written}{space}{fence}".replace("|", r"\|")


def codes(written: Iterable[str]) -> str:
    """Return several codes after each other."""
    return ", ".join(code(one) for one in written)


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """Return the lines of a table; its cells are Markdown already."""
    return [_line(heads), _line(["---"] * len(heads)), *(_line(row) for row in rows), ""]


def fields(pairs: Iterable[tuple[str, str]]) -> list[str]:
    """Return the lines of a table of two columns, leaving out what is empty."""
    return table(["", ""], [(f"**{name}**", value) for name, value in pairs if value])


def counted(number: int, one: str, more: str = "") -> str:
    """Return a number with its noun: `1 table`, `10 tables`."""
    return f"{number} {one if number == 1 else more or one + 's'}"


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell or " " for cell in cells) + " |"
