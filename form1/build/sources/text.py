"""Text files: encoding, delimiter and line ends found out from the bytes, never assumed."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from typing import Final

from form1.build.sources.grid import MOST_ROWS, Grid, Unreadable

_DELIMITERS: Final = (",", ";", "\t", "|")
_DECLARED: Final = re.compile(r"\A(?:sep=)([,;\t|])\r?[\n\r]")
_END_OF_FILE: Final = "\x1a"
"""Ends a text of DOS."""
"""The line with which spreadsheets may announce the delimiter."""

_LATIN: Final = frozenset("abcçdeəfgğhxıijkqlmnoöprsştuüvwyz" + "ä")
"""Letters of Azerbaijani and English, and the one that stands for ə where the code page has none."""
_CYRILLIC: Final = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюя")
_CODE_PAGES: Final = ("cp1254", "cp1251", "cp866")
"""Of two readings without a fault the first counts; cp866 is what consoles of Windows write in Cyrillic."""
_SAMPLE_LINES: Final = 400


def read_text(data: bytes) -> Grid:
    """Return the rows of a delimited text file; Unreadable says why there are none."""
    text = decode(data)
    open_end = "\n" in text.replace("\r", "\n") and not text.endswith(("\n", "\r", _END_OF_FILE))
    text = text.rstrip(_END_OF_FILE)
    declared = _DECLARED.match(text)
    delimiter = declared[1] if declared else _delimiter(text)
    rows, lines = _parse(text, delimiter)
    if declared:
        rows, lines = rows[1:], lines[1:]
    kept = [(tuple(row), line) for row, line in zip(rows, lines, strict=True) if any(map(str.strip, row))]
    if not kept:
        raise Unreadable("file_empty")
    whole = _without_last_delimiter([row for row, _ in kept])
    return Grid(whole, tuple(line for _, line in kept), open_end=open_end, delimiter=delimiter)


def _without_last_delimiter(rows: list[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Return the rows without the empty field that a delimiter at the end of every line makes."""
    while (wide := [row for row in rows if len(row) > 1]) and not any(row[-1].strip() for row in wide):
        rows = [row[:-1] if len(row) > 1 else row for row in rows]
    return tuple(rows)


def decode(data: bytes) -> str:
    """Return the text of `data`: UTF-8 or UTF-16 with or without a mark, else code page 1254, 1251 or 866.

    >>> decode("Türkiyə;Москва".encode("utf-16-le"))
    'Türkiyə;Москва'
    """
    if not data.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise Unreadable("file_empty")
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            text = data.decode("utf-16")
        elif b"\0" in data:
            text = data.decode(_utf16_without_mark(data))
        else:
            text = _decode_bytes(data)
    except UnicodeDecodeError:
        raise Unreadable("text_binary") from None
    if "\0" in text:
        raise Unreadable("text_binary")
    return text


def _utf16_without_mark(data: bytes) -> str:
    even, odd = data[0::2].count(0), data[1::2].count(0)
    tenth = len(data) / 20
    if odd >= tenth and not even:
        return "utf-16-le"
    if even >= tenth and not odd:
        return "utf-16-be"
    raise Unreadable("text_binary")


def _decode_bytes(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        readings = []
        for page in _CODE_PAGES:
            try:
                readings.append(data.decode(page))
            except UnicodeDecodeError:
                continue
        if not readings:
            raise
        return min(readings, key=_oddities)


def _oddities(text: str) -> int:
    """Count the words that no language of the form writes: two scripts in one word, or letters of neither alphabet."""
    odd = 0
    for word, times in Counter(re.findall(r"[^\x00-\x40\s]+", text)).items():
        letters = {letter for letter in word.lower().replace("i\u0307", "i") if letter.isalpha()}
        signs = {sign for sign in word if ord(sign) > 127 and not sign.isalpha() and sign not in "№«»–—’‘“”…≥"}
        if not (letters <= _LATIN or letters <= _CYRILLIC) or signs:
            odd += times
    return odd


def _delimiter(text: str) -> str:
    """Return the delimiter that cuts the most lines into the same number of fields, quotes respected."""
    sample = "".join(text.splitlines(keepends=True)[:_SAMPLE_LINES]) if len(text) > 100_000 else text
    best, most = _DELIMITERS[0], (0, 0)
    for delimiter in _DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if len(row) > 1 and any(row):
                    widths[len(row)] += 1
        except csv.Error:
            continue
        found = max(((lines, width) for width, lines in widths.items()), default=(0, 0))
        if found > most:
            best, most = delimiter, found
    return best


def _parse(text: str, delimiter: str) -> tuple[list[list[str]], list[int]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            rows.append(row)
            lines.append(line)
            line = reader.line_num + 1
            if len(rows) > MOST_ROWS:
                raise Unreadable("file_too_long", bound=MOST_ROWS)
    except csv.Error:
        # The only faults left are quotes that are not closed or not doubled.
        raise Unreadable("text_quotes", line=line) from None
    return rows, lines
