"""Of which table an export is: by the name of its file or sheet, else by a title inside it, else by its shape."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final

from form1.build.sources.grid import Grid
from form1.build.sources.header import Role, Vocabulary, find_header
from form1.core.texts import LANGUAGES
from form1.definition.form import Form
from form1.definition.spelling import Folding, tidy

_SHEET_TITLE: Final = 31
"""Titles of sheets are cut at this length."""
_LONGEST_TITLE: Final = 400
_COPY: Final = re.compile(r"\s*\([1-9][0-9]?\)$")
"""What a browser, or Excel for the copy of a sheet, writes behind the name."""
_JOINTS: Final = r"[\s_.:№-]*"
_ENDING: Final = r"(?:[^\W\d_]{1,2})?"
"""Of an ordinal number: 3-cü, 3-я, 3rd."""


@dataclass(frozen=True, slots=True)
class _Head:
    row: int
    told: int
    """How many dimensions of the table it tells."""
    unknown: bool
    """Whether a column of it means nothing to the table."""


@dataclass(frozen=True)
class Names:
    """The names under which exports are known: those of sources.toml, the table's own id, its number and its title."""

    form: Form
    folding: Folding
    table_by_key: Mapping[str, str]
    on: date

    @classmethod
    def of(cls, form: Form, on: date) -> Names:
        """Return the names of every source of the form on a day."""
        folding = Folding.by(form.sources.look_alikes)
        tables: dict[str, str] = {}
        for source in form.sources.source:
            for name in (source.name, *source.also_named, source.table):
                for shown in (name, name[:_SHEET_TITLE]):
                    tables |= dict.fromkeys(folding.name_keys(shown), source.table)
        return cls(form, folding, tables, on)

    def table_of(self, name: str) -> str:
        """Return the table that a file's stem or a sheet's title names, or an empty string; copies name it, too."""
        return next((table for written in self._uncopied(name) if (table := self._named(written))), "")

    def _named(self, name: str) -> str:
        keys = self.folding.name_keys(name)
        named = next((self.table_by_key[key] for key in keys if key in self.table_by_key), "")
        return named or next((table for key in keys if (table := self._numbered(key))), "")

    def _uncopied(self, name: str) -> Iterator[str]:
        """Yield a name, and the name without what says that it is a copy: `T10 (2)`, `T10 - Copy`, `Копия T10`."""
        yield name
        plain = _COPY.sub("", name)
        words = "|".join(map(re.escape, self.form.sources.copy_words))
        if words:
            plain = re.sub(
                rf"^(?:{words})\s+(?:of\s+|-\s*)?|[\s_]*[-–—_\s]\s*(?:{words})$", "", plain, flags=re.IGNORECASE
            )
            plain = _COPY.sub("", plain)
        if plain != name:
            yield plain

    @cached_property
    def _by_number(self) -> dict[int, str]:
        return {table.number: table.id for table in self.form.tables.values()}

    @cached_property
    def _words(self) -> str:
        words = {key for word in self.form.sources.table_words for key in self.folding.keys(word)}
        return "|".join(sorted(map(re.escape, words)))

    @cached_property
    def _number(self) -> re.Pattern[str]:
        words = self._words or "(?!)"
        return re.compile(
            rf"(?:(?:{words}|t){_JOINTS})?0*([0-9]{{1,2}})\.?|0*([0-9]{{1,2}}){_JOINTS}{_ENDING}{_JOINTS}(?:{words})"
        )

    def _numbered(self, key: str) -> str:
        """Return the table whose number is all that a name says: `cədvəl 3`, `3-cü cədvəl`, `t03`, `3`."""
        found = self._number.fullmatch(key.strip())
        return self._by_number.get(int(found[1] or found[2]), "") if found else ""

    @cached_property
    def _titles(self) -> dict[str, str]:
        titles: dict[str, str] = {}
        for table in self.form.tables.values():
            for language in LANGUAGES:
                for title in (table.title.of(language), table.short_title.of(language)):
                    titles |= dict.fromkeys(self.folding.keys(title), table.id)
        return titles

    @cached_property
    def _begins(self) -> re.Pattern[str]:
        words = self._words or "(?!)"
        return re.compile(
            rf"(?:(?:{words}){_JOINTS}0*([0-9]{{1,2}})|0*([0-9]{{1,2}}){_JOINTS}{_ENDING}{_JOINTS}(?:{words}))(?![0-9])[\s.:–—-]*(.*)"
        )

    def titled(self, text: str) -> str:
        """Return the table that a title names, by its words or by the number in front of them; "" for none."""
        for key in self.folding.keys(tidy(text)) if len(text) <= _LONGEST_TITLE else ():
            begins = self._begins.match(key)
            if begins:
                return self._by_number.get(int(begins[1] or begins[2]), "")
            begun = [id for title, id in self._titles.items() if key.startswith(title)]
            if begun:
                return begun[0]
        return ""

    def table_of_content(self, grid: Grid, among: Collection[str] = ()) -> tuple[str, ...]:
        """Return the tables that the content of a grid fits, by a title above its head, else by its shape."""
        fits: dict[str, _Head] = {}
        for table in self.form.tables.values():
            head = None if among and table.id not in among else self._head(grid, Vocabulary(self.form, table, self.on))
            if head is not None:
                fits[table.id] = head
        if not fits:
            return ()
        above = grid.rows[: max(head.row for head in fits.values())]
        titled = {id for row in above for text in row if text.strip() and (id := self.titled(text))}
        if len(titled) == 1:  # a title of a table that the shape does not fit leaves nothing
            return tuple(table for table in fits if table in titled)
        most = max(head.told for head in fits.values())
        return tuple(table for table, head in fits.items() if head.told == most and (among or not head.unknown))

    def _head(self, grid: Grid, vocabulary: Vocabulary) -> _Head | None:
        """Return the head when it tells all dimensions of a table and where the counts stand."""
        header = find_header(grid, vocabulary, self.form.sources.header_search_rows)
        if header is None:
            return None
        told = {heading.dimension for heading in header.headings if heading.role is Role.DIMENSION} | set(header.across)
        counted = any(heading.role in {Role.MEASURE, Role.WIDE} for heading in header.headings)
        if not counted or not told >= set(vocabulary.table.dimensions):
            return None
        names = grid.rows[header.row]
        unknown = any(
            heading.role is Role.UNKNOWN and name.strip() for heading, name in zip(header.headings, names, strict=False)
        )
        return _Head(header.row, len(told), unknown)
