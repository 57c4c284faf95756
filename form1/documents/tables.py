"""The tables of the form, and the exports that feed them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from form1.core.texts import LANGUAGES, Text
from form1.definition import Form
from form1.definition.layout import lay_out
from form1.definition.records import Table
from form1.definition.summary import Figure
from form1.documents.markdown import code, codes, counted, fields, table, text


def lists_of(described: Table) -> tuple[str, ...]:
    """Return the code lists that a table uses: of its rows, their groups and blocks, and its columns."""
    rows = described.rows
    groups = [rows.groups.codes] if rows.groups else []
    blocks = [block.codes for block in rows.block]
    named = [*blocks, *([rows.codes] if rows.codes else []), *groups, *(column.codes for column in described.columns)]
    return tuple(dict.fromkeys(named))


def tables(form: Form, day: date) -> Iterator[str]:
    """Give the lines on every table; rows and columns are counted on `day`."""
    yield "## Tables"
    yield ""
    yield from table(
        ["table", "English", "Azerbaijani", "basis", "universe"],
        [
            (one.id, text(one.title.en), text(one.title.az), _basis(form, one), code(one.universe))
            for one in form.tables.values()
        ],
    )
    for described in form.tables.values():
        yield from _table(form, described, day)


def _table(form: Form, described: Table, day: date) -> Iterator[str]:
    yield f"### {described.id}. {text(described.title.en)}"
    yield ""
    yield f"*{described.number}. {text(described.title.az)}*"
    yield ""
    kin = [
        other.id for other in form.tables.values() if other.universe == described.universe and other is not described
    ]
    lists = [(name, form.codelists[name].classification) for name in lists_of(described)]
    yield from fields(
        [
            ("Basis", _basis(form, described)),
            ("Unit of measure", text(form.word(described.unit, "en"))),
            ("Universe", code(described.universe) + (f", shared with {', '.join(kin)}" if kin else "")),
            ("Rows", _rows(form, described)),
            ("Columns", _columns(described)),
            (f"Size on {day.isoformat()}", _size(form, described, day)),
            ("Line codes", _line_codes(described)),
            ("Classifications", "; ".join(f"{code(name)}, {text(of.version)} ({of.status})" for name, of in lists)),
            ("Export", _export(form, described)),
            ("Coverage", _coverage(form, described)),
            ("Paper", _paper(described)),
            ("Status", f"{described.status}: {text(described.source)}"),
        ]
    )
    yield from table(
        ["note", "text", "status", "source"],
        [
            (text(form.word(note.aspect or "", "en")), text(note.whole.en), note.status, text(note.source))
            for note in form.notes
            if note.table == described.id
        ],
    )


def _basis(form: Form, described: Table) -> str:
    """A flow since 1 January, or a stock on the last day of the period."""
    if described.basis == "stock":
        return text(form.word("stock_period", "en").format(date="the last day of the period"))
    return text(form.word("cumulative", "en"))


def _rows(form: Form, described: Table) -> str:
    rows = described.rows
    if not rows.detail:
        split = f"; with `detail = true` it is split by {code(rows.codes)}" if rows.codes else ""
        return f"the total alone ({text(rows.total.en)}){split}"
    said = [f"{text(rows.heading.en)}: {code(rows.codes or '')}"]
    said.append("only the codes observed" if rows.open else "every code of the list, zero or not")
    if rows.groups:
        names = ", ".join(text(group.name.en) for group in form.codelists[rows.groups.codes].codes[:3])
        more = " …" if len(form.codelists[rows.groups.codes].codes) > 3 else ""
        said.append(f"group rows of {code(rows.groups.codes)} ({names}{more})")
    for block in rows.block:
        prefix = f", row codes begin with {code(block.prefix)}" if block.prefix else ""
        apart = f", {codes(block.apart)} outside it" if block.apart else ""
        said.append(f"block {code(block.code)} {text(block.label.en)}{prefix}{apart}")
    said += [f"row code of {code(was)} is {code(new)}" for was, new in rows.renamed.items()]
    return "; ".join(said)


def _columns(described: Table) -> str:
    heads = [f"{code(column.dimension)} ({code(column.codes)}) with its total" for column in described.columns]
    return " by ".join(heads)


def _size(form: Form, described: Table, day: date) -> str:
    layout = lay_out(form, described, day)
    open_rows = " and one row per code observed" if described.rows.open and described.rows.detail else ""
    return f"{counted(len(layout.rows), 'row')}{open_rows}; {counted(len(layout.columns), 'column')}"


def _line_codes(described: Table) -> str:
    given = described.rows.lines
    return "running numbers" + (f", but for {counted(len(given), 'row')} with codes of the authority" if given else "")


def _export(form: Form, described: Table) -> str:
    source = form.source_of(described.id)
    named = f", also named {', '.join(text(name) for name in source.also_named)}" if source.also_named else ""
    headers = codes((*described.dimensions, form.sources.measure_id))
    absent = "zero" if source.complete else "that there is no figure"
    return (
        f"{code(source.name)}{named}; columns {headers}; a combination without a line means {absent}"
        f" ({source.status}: {text(source.source)})"
    )


def _coverage(form: Form, described: Table) -> str:
    if described.basis == "stock":
        return "the day itself; nothing is added up"
    words = {
        "year_to_date": "1 January to the end of the period",
        "quarter": "the quarter alone; quarters are added up",
    }
    return "; ".join(f"from {part.since}: {words[part.covers]}" for part in form.source_of(described.id).coverage)


def _paper(described: Table) -> str:
    panels = f", in {described.print.panels} panels" if described.print.panels > 1 else ""
    return ("landscape" if described.print.landscape else "portrait") + panels


def exports(form: Form) -> Iterator[str]:
    """Give the lines on how the columns and totals of exports may be headed."""
    sources = form.sources
    yield "## Headers of the exports"
    yield ""
    yield "A column may be headed by the identifier, by its name in any language, or by one of the further headers."
    yield ""
    yield from table(
        ["column", "names", "further headers", "status", "source"],
        [
            *(
                (code(one.id), _names(one.name), _list(one.headers), one.status, text(one.source))
                for one in sources.dimension
            ),
            (code(sources.measure_id), _names(sources.measure), _list(sources.measure_headers), "", ""),
        ],
    )
    yield f"Labels of a total, which is checked and left out of the sum: {_list(sources.total_labels)}."
    yield ""
    yield f"Columns that are passed over: {_list(sources.ignored_headers)}. Files: {_list(sources.ignored_files)}."
    yield ""
    yield f"A header is looked for in the first {sources.header_search_rows} lines."
    yield ""


def _names(name: Text) -> str:
    return ", ".join(text(name.of(language)) for language in LANGUAGES)


def _list(labels: tuple[str, ...]) -> str:
    return ", ".join(text(label) for label in labels) or "none"


def figures(form: Form) -> Iterator[str]:
    """Give the lines of the section on the summary: one line of a table per figure, in the order of the summary."""
    yield "## Summary"
    yield ""
    yield "The figures before the tables, in their order (`reference/summary.toml`)."
    yield ""
    yield from table(
        ["figure", "kind", "title", "table", "status", "source"],
        [
            [
                code(figure.id),
                figure.kind,
                text(figure.title.en),
                ", ".join(_tables_of_figure(figure)),
                figure.status,
                text(figure.source),
            ]
            for figure in form.summary
        ],
    )
    yield ""


def _tables_of_figure(figure: Figure) -> list[str]:
    named = [figure.table, *(quantity.table for quantity in figure.quantity)]
    return list(dict.fromkeys(table for table in named if table))
