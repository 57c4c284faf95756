"""A workbook of ours as somebody's hand finds it: cells, rows, columns and sheets to change, then packed again.

The sheet's XML is edited directly, so that a change costs milliseconds. The tidy sheets of our own workbooks are taken
out: they would give every changed number away, and a workbook that was typed has none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import reduce
from xml.sax.saxutils import escape, quoteattr

from tests.xlsx.read.packages import pack, parts_of

_CELL = re.compile(r'<c r="([A-Z]+)([0-9]+)"(?: s="([0-9]+)")?(?: t="([a-zA-Z]+)")?\s*(?:/>|>(.*?)</c>)', re.DOTALL)
_ROW = re.compile(r'<row r="([0-9]+)"([^>]*?)(?:/>|>(.*?)</row>)', re.DOTALL)
_MERGE = re.compile(r'<mergeCell ref="([A-Z]+)([0-9]+):([A-Z]+)([0-9]+)"/>')
_SHEET = re.compile(r'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="(rId[0-9]+)"/>')

Place = tuple[int, int]
"""Row and column, from 1."""


@dataclass(frozen=True)
class Written:
    """What one cell of the sheet holds: the style, the type, and the XML inside."""

    style: int
    kind: str
    inside: str

    @property
    def number(self) -> int | None:
        """The whole number that stands in the cell."""
        match = re.search(r"<v>(-?[0-9]+)</v>", self.inside)
        return int(match[1]) if match and self.kind == "n" else None


@dataclass
class Sheet:
    """One sheet: cells by place, the attributes of its rows, merged areas, and the XML before and after."""

    before: str
    cells: dict[Place, Written]
    rows: dict[int, str]
    merges: list[tuple[int, int, int, int]]
    after: str

    @classmethod
    def read(cls, content: str) -> Sheet:
        """Take a worksheet apart."""
        before, rest = content.split("<sheetData>")
        data, after = rest.split("</sheetData>")
        cells, rows = {}, {}
        for number, attributes, inside in _ROW.findall(data):
            rows[int(number)] = attributes
            for letters, row, style, kind, held in _CELL.findall(inside):
                cells[int(row), column_number(letters)] = Written(int(style or 0), kind or "n", held)
        merges = [(int(b), column_number(a), int(d), column_number(c)) for a, b, c, d in _MERGE.findall(after)]
        return cls(before, cells, rows, merges, re.sub(r"<mergeCells.*?</mergeCells>", "", after, flags=re.DOTALL))

    def write(self) -> str:
        """Return the worksheet again."""
        lines: dict[int, list[str]] = {row: [] for row in sorted({*self.rows, *(row for row, _ in self.cells)})}
        for (row, column), cell in sorted(self.cells.items()):
            name = f"{column_letters(column)}{row}"
            lines[row].append(f'<c r="{name}" s="{cell.style}" t="{cell.kind}">{cell.inside}</c>')
        data = "".join(f'<row r="{row}"{self.rows.get(row, "")}>{"".join(line)}</row>' for row, line in lines.items())
        areas = "".join(
            f'<mergeCell ref="{column_letters(left)}{top}:{column_letters(right)}{bottom}"/>'
            for top, left, bottom, right in self.merges
        )
        merges = f'<mergeCells count="{len(self.merges)}">{areas}</mergeCells>' if areas else ""
        return f"{self.before}<sheetData>{data}</sheetData>{merges}{self.after}"

    def number(self, at: Place, value: int | str) -> None:
        """Write a number as it would be stored."""
        self._put(at, "n", f"<v>{value}</v>")

    def text(self, at: Place, text: str) -> None:
        """Write a text."""
        self._put(at, "inlineStr", f'<is><t xml:space="preserve">{escape(text)}</t></is>')

    def formula(self, at: Place, formula: str, value: int | str | None, kind: str = "n") -> None:
        """Write a formula, with its stored value or without."""
        stored = "" if value is None else f"<v>{value}</v>"
        self._put(at, kind, f"<f>{escape(formula)}</f>{stored}")

    def other(self, at: Place, kind: str, value: str) -> None:
        """Write a truth value, an error or a date of Strict Open XML."""
        self._put(at, kind, f"<v>{value}</v>")

    def clear(self, at: Place) -> None:
        """Empty a cell."""
        self._put(at, "n", "")

    def restyle(self, at: Place, style: int) -> None:
        """Give a cell another style."""
        self.cells[at] = replace(self.cells[at], style=style)

    def columns(self, row: int) -> list[int]:
        """The columns of the sheet that a row has cells in."""
        return sorted(column for at, column in self.cells if at == row)

    def hide(self, row: int) -> None:
        """Hide a row."""
        self.rows[row] = self.rows.get(row, "") + ' hidden="1"'

    def hide_column(self, column: int) -> None:
        """Hide a column."""
        was = rf'<col ([^>]*min="{column}" max="{column}")/>'
        self.before, found = re.subn(was, r'<col \1 hidden="1"/>', self.before)
        assert found, f"column {column} has no width of its own"

    def move_rows(self, to: Callable[[int], int]) -> None:
        """Put each row where `to` says, 0 deletes it."""
        self.cells = {(to(row), column): cell for (row, column), cell in self.cells.items() if to(row)}
        self.rows = {to(row): attributes for row, attributes in self.rows.items() if to(row)}
        self.merges = [(to(a), b, to(c), d) for a, b, c, d in self.merges if to(a) and to(c)]

    def move_columns(self, to: Callable[[int], int]) -> None:
        """Put each column where `to` says, 0 deletes it; a merged area keeps those of its columns that are left."""
        self.cells = {(row, to(column)): cell for (row, column), cell in self.cells.items() if to(column)}
        areas = [(a, sorted({to(column) for column in range(b, d + 1)} - {0}), c) for a, b, c, d in self.merges]
        self.merges = [(a, there[0], c, there[-1]) for a, there, c in areas if there]

    def insert_row(self, at: int, like: int = 0) -> None:
        """Open a row at `at`, empty or as a copy of the row that is then `like`."""
        self.move_rows(lambda row: row + (row >= at))
        for column in self.columns(like) if like else []:
            self.cells[at, column] = self.cells[like, column]

    def _put(self, at: Place, kind: str, inside: str) -> None:
        was = self.cells.get(at)
        self.cells[at] = Written(was.style if was else 0, kind, inside)


@dataclass
class Book:
    """A workbook in parts, with the sheets that were opened."""

    parts: dict[str, bytes]
    opened: dict[str, Sheet] = field(default_factory=dict)

    @classmethod
    def read(cls, content: bytes) -> Book:
        """Open a workbook of ours, without its tidy sheets: those that hold a table object."""
        book = cls(parts_of(content))
        for name in book.names():
            if b"/xl/tables/" in book.parts.get(_relations(book._part(name)), b""):
                book.drop(name)
        return book

    def copy(self) -> Book:
        """Another one to spoil; the sheets opened so far are not taken along."""
        return Book(dict(self.parts))

    def names(self) -> list[str]:
        """The names of the sheets, in their order."""
        return [name for name, _ in _SHEET.findall(self._workbook)]

    def sheet(self, name: str) -> Sheet:
        """Open a sheet."""
        if name not in self.opened:
            self.opened[name] = Sheet.read(self.parts[self._part(name)].decode())
        return self.opened[name]

    def drop(self, name: str) -> None:
        """Take a sheet out; print areas and titles go with it."""
        part, identifier = self._part(name), dict(_SHEET.findall(self._workbook))[name]
        tables = re.findall(r"/xl/tables/[^\"]+", self.parts.pop(_relations(part), b"").decode())
        for gone in (part, *(table.lstrip("/") for table in tables)):
            self.parts.pop(gone, None)
            self._edit("[Content_Types].xml", rf'<Override [^>]*PartName="/{re.escape(gone)}"[^>]*/>', "")
        self._edit("xl/_rels/workbook.xml.rels", rf'<Relationship [^>]*Id="{identifier}"/>', "")
        self._edit("xl/workbook.xml", rf'<sheet [^>]*r:id="{identifier}"/>', "")
        self._edit("xl/workbook.xml", r"<definedNames>.*?</definedNames>", "")

    def add(self, name: str, content: str, state: str = "visible") -> None:
        """Put a further sheet at the end."""
        number = len(self.parts)
        part = f"xl/worksheets/sheet{number}.xml"
        self.parts[part] = content.encode()
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
        self._edit("[Content_Types].xml", "</Types>", f'<Override PartName="/{part}" ContentType="{kind}"/></Types>')
        schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
        link = f'<Relationship Type="{schema}/worksheet" Target="/{part}" Id="rId{number + 100}"/></Relationships>'
        self._edit("xl/_rels/workbook.xml.rels", "</Relationships>", link)
        sheet = (
            f'<sheet xmlns:r="{schema}" name={quoteattr(name)} sheetId="{number + 100}" state="{state}"'
            f' r:id="rId{number + 100}"/></sheets>'
        )
        self._edit("xl/workbook.xml", "</sheets>", sheet)

    def rename(self, name: str, other: str) -> None:
        """Give a sheet another name."""
        self._edit("xl/workbook.xml", f'name="{re.escape(name)}"', f"name={quoteattr(other)}")
        self._edit("xl/workbook.xml", r"<definedNames>.*?</definedNames>", "")

    def reorder(self, order: Callable[[list[str]], list[str]]) -> None:
        """Put the sheets in another order."""
        head, rest = self._workbook.split("<sheets>")
        inside, tail = rest.split("</sheets>")
        sheets = order(re.findall(r"<sheet .*?/>", inside))
        self.parts["xl/workbook.xml"] = f"{head}<sheets>{''.join(sheets)}</sheets>{tail}".encode()
        self._edit("xl/workbook.xml", r"<definedNames>.*?</definedNames>", "")

    def style(self, like: int, number_format: int, code: str = "") -> int:
        """Return a style that is `like` another but for its number format (with its own `code`)."""
        text = self.parts["xl/styles.xml"].decode()
        if code:
            known = f'<numFmt numFmtId="{number_format}" formatCode={quoteattr(code)}/></numFmts>'
            text = text.replace("</numFmts>", known)
            text = reduce(
                lambda t, m: t.replace(m[0], f'<numFmts count="{int(m[1]) + 1}"'), re.finditer(r'<numFmts count="(\d+)"', text), text
            )  # fmt: skip
        head, rest = text.split("<cellXfs ")
        inside, tail = rest.split("</cellXfs>")
        count, styles = re.fullmatch(r'count="([0-9]+)">(.*)', inside, re.DOTALL).groups()  # type: ignore[union-attr]
        one = re.findall(r"<xf [^>]*?/>|<xf .*?</xf>", styles, re.DOTALL)[like]
        new = re.sub(r'numFmtId="[0-9]+"', f'numFmtId="{number_format}" applyNumberFormat="1"', one, count=1)
        new = re.sub(r'(applyNumberFormat="1")(.*) applyNumberFormat="1"', r"\1\2", new)
        inside = f'count="{int(count) + 1}">{styles}{new}'
        self.parts["xl/styles.xml"] = f"{head}<cellXfs {inside}</cellXfs>{tail}".encode()
        return int(count)

    def pack(self) -> bytes:
        """The workbook as a file."""
        for name, sheet in self.opened.items():
            self.parts[self._part(name)] = sheet.write().encode()
        return pack(self.parts)

    @property
    def _workbook(self) -> str:
        return self.parts["xl/workbook.xml"].decode()

    def _part(self, name: str) -> str:
        identifier = dict(_SHEET.findall(self._workbook))[name]
        relations = self.parts["xl/_rels/workbook.xml.rels"].decode()
        return re.search(rf'Target="/?([^"]*)" Id="{identifier}"', relations)[1].removeprefix("/")  # type: ignore[index]

    def _edit(self, part: str, was: str, becomes: str) -> None:
        text = re.sub(was, lambda _: becomes, self.parts[part].decode(), flags=re.DOTALL)
        self.parts[part] = text.encode()


def column_number(letters: str) -> int:
    """Return the number of a column: 28 for AB."""
    return reduce(lambda number, letter: number * 26 + ord(letter) - 64, letters, 0)


def column_letters(number: int) -> str:
    """Return the letters of a column: AB for 28."""
    return "" if number == 0 else column_letters((number - 1) // 26) + chr(65 + (number - 1) % 26)


def place(name: str) -> Place:
    """Return row and column of a cell's name."""
    match = re.fullmatch(r"([A-Z]+)([0-9]+)", name)
    assert match is not None
    return int(match[2]), column_number(match[1])


def name_of(at: Place) -> str:
    """Return the name of a cell: `D17`."""
    return f"{column_letters(at[1])}{at[0]}"


def _relations(part: str) -> str:
    """The name of the part that lists the relations of a part."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"
