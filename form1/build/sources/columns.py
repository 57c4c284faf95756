"""Columns by what their cells hold: codes beside names, merged labels, columns that nobody declared."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from form1.build.sources.grid import Grid
from form1.build.sources.header import Header, Heading, Role, Vocabulary, is_number, without_mark
from form1.build.sources.lines import Lines
from form1.core.findings import Finding, Place
from form1.definition.labels import Labels, Meaning, Resolved, complaint

_RUNNING = 5
"""Counts that run 1, 2, 3, … from so many lines on are the numbers of the lines."""

_COUNTED: Final = frozenset({Role.MEASURE, Role.WIDE})
_PART: Final = re.compile("[0-9]{1,3}")
_REST: Final = re.compile("[0-9]{3}")


class Columns:
    """Reads the columns of one table; `read` returns the head as the cells complete it, and the labels by column."""

    def __init__(
        self,
        grid: Grid,
        vocabulary: Vocabulary,
        header: Header,
        lines: Lines,
        place: Callable[[int, int | None, str], Place],
    ) -> None:
        self.grid, self.vocabulary, self.header, self.lines, self.place = grid, vocabulary, header, lines, place
        self.rows = [lines.row(at) for at in lines.data()]
        self.findings: list[Finding] = []
        self.without_role: list[int] = []
        self.head_line = grid.lines[header.row]

    def read(self) -> tuple[Header, dict[int, list[str]]]:
        """Return the head with every column that is to be read, and the labels of each column of labels."""
        headings = list(self.header.headings)
        for column, heading in enumerate(headings):
            if heading.role is Role.CODE:
                headings[column] = self._coded(column, headings)
        self._undeclared(headings)
        self._divided(headings)
        labels = {c: self._labels(c) for c, heading in enumerate(headings) if heading.role is Role.DIMENSION}
        self._fill_pivot(headings, labels)
        for dimension in dict.fromkeys(heading.dimension for heading in headings if heading.dimension):
            columns = [c for c in labels if headings[c].dimension == dimension]
            if len(columns) > 1:
                self._agree(dimension, columns, labels, headings)
        return replace(self.header, headings=tuple(headings)), labels

    def _cells(self, column: int) -> list[str]:
        return [row[column].strip() if column < len(row) else "" for row in self.rows]

    def _name(self, column: int) -> str:
        return self.header.names[column] if column < len(self.header.names) else ""

    def _coded(self, column: int, headings: Sequence[Heading]) -> Heading:
        """What a column of codes stands for: the dimension of which it has the most, else nothing that is read."""
        present = [heading.dimension for heading in headings if heading.role is Role.DIMENSION]
        missing = [name for name in self.vocabulary.dimensions if name not in {*present, *self.header.across}]
        values = [text for text in self._cells(column) if text]
        best, most = "", 0
        for dimension in dict.fromkeys((*present, *missing)):
            known = sum(1 for text in values if self._resolve(dimension, text).meaning is not Meaning.UNKNOWN)
            if known > most:
                best, most = dimension, known
        return Heading(Role.DIMENSION, best) if 2 * most > len(values) else Heading(Role.IGNORED)

    def _resolve(self, dimension: str, text: str) -> Resolved:
        labels = self.vocabulary.labels[dimension]
        meant = labels.resolve(text)
        rows = self.vocabulary.table.rows
        if meant.meaning is Meaning.UNKNOWN and dimension == rows.dimension:
            for block in rows.block:
                if block.prefix and text.startswith(block.prefix):
                    return labels.resolve(text.removeprefix(block.prefix))
        return meant

    def _labels(self, column: int) -> list[str]:
        """The labels of a column; one that is merged over several lines is the label of each of them."""
        texts = [without_mark(text) for text in self._cells(column)]
        at_line = {self.lines.line(at): index for index, at in enumerate(self.lines.data())}
        for top, left, bottom, _ in self.grid.merges:
            if left == column and top in at_line and bottom > top:
                for line in range(top + 1, bottom + 1):
                    if line in at_line:
                        texts[at_line[line]] = texts[at_line[top]]
        return texts

    def _fill_pivot(self, headings: Sequence[Heading], labels: dict[int, list[str]]) -> None:
        """Fill the blanks below a label where all labels of the column have the same lines below them."""
        for column, texts in labels.items():
            if "" not in texts or not texts[0]:
                continue
            others = [labels[other] for other in labels if other != column]
            groups = list(self._groups(headings[column].dimension, texts))
            sizes = {len(group) for group in groups}
            patterns = {tuple(tuple(other[at] for at in group) for other in others) for group in groups}
            if len(groups) > 1 and len(sizes) == 1 and len(patterns) == 1 and others:
                for group in groups:
                    for at in group[1:]:
                        texts[at] = texts[group[0]]

    def _groups(self, dimension: str, texts: Sequence[str]) -> Iterator[list[int]]:
        """Yield the lines of each label with the blanks below it; a line of totals stands alone."""
        group: list[int] = []
        for at, text in enumerate(texts):
            if text and group:
                yield group
                group = []
            if text and self._resolve(dimension, text).meaning is Meaning.TOTAL:
                continue
            group.append(at)
        if group:
            yield group

    def _agree(self, dimension: str, columns: list[int], labels: dict[int, list[str]], headings: list[Heading]) -> None:
        """Hold a name against the code beside it; the one that means something is read, both must mean the same."""
        known = self.vocabulary.labels[dimension]
        clear = {c: sum(1 for text in labels[c] if known.resolve(text).is_clear) for c in columns}
        first = max(columns, key=lambda column: (clear[column], -column))
        unknown: list[str] = []
        for other in columns:
            if other == first:
                continue
            for at, text in enumerate(labels[other]):
                mine, others = self._resolve(dimension, labels[first][at]), self._resolve(dimension, text)
                line = self.lines.line(self.lines.data()[at])
                if mine.is_clear and others.is_clear and (mine.meaning, mine.code) != (others.meaning, others.code):
                    names = tuple(
                        f"{label} ({meant.raw})" for label, meant in ((labels[first][at], mine), (text, others))
                    )
                    place = self.place(line, other, self._name(other))
                    self.findings.append(Finding.of("labels_disagree", place, labels=names))
                elif others.is_clear and not mine.is_clear and text:
                    if labels[first][at]:
                        unknown.append(labels[first][at])
                    labels[first][at] = text
                elif mine.is_clear and text and others.meaning is Meaning.UNKNOWN:
                    unknown.append(text)
            headings[other] = Heading(Role.DIMENSION, dimension)
            del labels[other]
        if unknown:
            names = tuple(dict.fromkeys(unknown))
            place = self.place(self.head_line, first, self._name(first))
            self.findings.append(Finding.of("names_beside_codes_unknown", place, number=len(unknown), labels=names[:5]))

    def _undeclared(self, headings: list[Heading]) -> None:
        """Name the columns that nobody reads; one with counts that nobody declared is a fault."""
        width = max(map(len, (*self.rows, headings)), default=0)
        measures = [column for column, heading in enumerate(headings) if heading.role is Role.MEASURE]
        named = max((column + 1 for column, name in enumerate(self.header.names) if name), default=0)
        for column in range(width):
            known = column < len(headings)
            values = [text for text in self._cells(column) if text]
            if (known and headings[column].role not in {Role.UNKNOWN, Role.SPANNING}) or not values:
                continue
            if column >= named and not self.grid.lettered:
                continue  # too long a line, which is a finding of its own
            name = self._name(column)
            numbers = sum(map(is_number, values))
            place = self.place(self.head_line, column, name)
            if 2 * numbers < len(values) or (self._runs(values) and not self._only_running(measures)):
                self.findings.append(Finding.of("column_not_used", place, header=name.strip() or "–"))
                continue
            self.without_role.append(column)
            if measures:
                names = tuple(self._shown(each) for each in (measures[0], column))
                self.findings.append(Finding.of("two_columns_of_counts", place, columns=names))
            elif self.header.across:
                self._find_wide(column, name)
            else:
                self.findings.append(Finding.of("column_unclear", place, header=name.strip() or "–"))
        if measures and self._only_running(measures):
            self._exchanged(headings, measures[0])
        if measures and not self.without_role and self._is_loosely_named(measures[0]):
            values = [text for text in self._cells(measures[0]) if text]
            if len(values) >= _RUNNING and self._runs(values):
                place = self.place(self.head_line, measures[0], self._name(measures[0]))
                self.findings.append(Finding.of("counts_run", place, header=self._name(measures[0]), last=values[-1]))

    def _divided(self, headings: Sequence[Heading]) -> None:
        """Find counts that their own comma cuts in two, the rest of them in the column of notes behind: `1,204`."""
        spare = {Role.IGNORED, Role.PERIOD, Role.UNIT}
        for column, (before, heading) in enumerate(pairwise(headings), start=1):
            is_spare = heading.role in spare and self.vocabulary.heading(self._name(column)).role in spare
            if self.grid.delimiter != "," or before.role not in _COUNTED or not is_spare:
                continue
            rest = _REST if before.role is Role.MEASURE else _PART
            for at, (count, text) in enumerate(zip(self._cells(column - 1), self._cells(column), strict=True)):
                if _PART.fullmatch(count) and rest.fullmatch(text):
                    place = self.place(self.lines.line(self.lines.data()[at]), column - 1, self._name(column - 1))
                    facts = {"written": f"{count},{text}", "grouped": count + text}
                    self.findings.append(Finding.of("count_ambiguous", place, **facts))
                    break

    def _exchanged(self, headings: Sequence[Heading], measure: int) -> None:
        """Find counts under a head of running numbers, beside running numbers under a head of counts."""
        for column, heading in enumerate(headings):
            values = [text for text in self._cells(column) if text]
            if heading.role is not Role.IGNORED or not values or not all(map(is_number, values)):
                continue
            if not self._runs([text.lstrip("0") or "0" for text in values]):
                self.without_role.append(column)
                place = self.place(self.head_line, column, self._name(column))
                names = (self._shown(measure), self._shown(column))
                self.findings.append(Finding.of("two_columns_of_counts", place, columns=names))

    def _only_running(self, measures: Sequence[int]) -> bool:
        """True where the declared column of counts itself holds running numbers."""
        return any(self._runs([text for text in self._cells(column) if text]) for column in measures)

    def _is_loosely_named(self, column: int) -> bool:
        """True for a head such as `Number`, which is said of running numbers, too."""
        folding = self.vocabulary.folding
        loose = {key for head in self.vocabulary.form.sources.measure_headers for key in folding.name_keys(head)}
        return bool(loose & set(folding.name_keys(self._name(column))))

    def _runs(self, values: Sequence[str]) -> bool:
        """True for the running numbers of the lines, from 1 or, as programs count, from 0."""
        if len(values) < 2 or values[0] not in {"0", "1"}:
            return False
        first = int(values[0])
        return list(values) == [str(number) for number in range(first, first + len(values))]

    def _shown(self, column: int) -> str:
        name = self._name(column) or "–"
        place = self.grid.column_name(column, name)
        return name if place == name else f"{name} ({place})"

    def _find_wide(self, column: int, name: str) -> None:
        dimension = self.header.across[-1]
        labels: Labels = self.vocabulary.labels[dimension]
        meant = labels.resolve(name)
        known = self.vocabulary.form.dimension(dimension).name
        place = self.place(self.head_line, column, name)
        found = None if meant.meaning is Meaning.GROUP else complaint(meant, name, known, self.vocabulary.on, place)
        unclear = self.vocabulary.heading(name).role is not Role.UNKNOWN or len(self.header.across) > 1
        if found is None or unclear or not name:
            found = Finding.of("column_unclear", place, header=name.strip() or "–")
        self.findings.append(found)
