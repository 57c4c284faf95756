"""Figures of ordinary and of odd forms: like with like, no share of a gap, no division by zero, and the reason said."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from form1.build.summary import needed, summarise
from form1.build.summary.shares import shares
from form1.core.cells import Cell
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Text
from form1.core.values import Status
from form1.definition import Form
from form1.definition.audit.form import audit
from form1.model.figures import Change, Figure
from form1.model.history import History
from form1.render import pictures
from tests.build.summary.making import Q3, figures, filled, past
from tests.making import edited

LAST = Period(2025, 3)


def _everything_said(figure: Figure) -> str:
    texts = [figure.title, figure.alt, figure.basis, *figure.statements, *figure.remarks]
    return " ".join(text.of(language) for text in texts for language in LANGUAGES)


def _headline(found: dict[str, Figure], table: str) -> tuple[Change | None, Text | None]:
    point = next(point for point in found["S01"].points if point.code.startswith(table))
    return point.change, point.remark


@pytest.mark.parametrize(
    ("now", "was", "change", "said"),
    [
        pytest.param(118, 100, Change(18, 180), "up by 18 (18.0 per cent)", id="more"),
        pytest.param(1, 3, Change(-2, -667), "down by 2 (66.7 per cent)", id="less"),
        pytest.param(7, 7, Change(0, 0), "is that of the same period", id="the same"),
        pytest.param(5, 0, Change(5, None), "there were none", id="from zero"),
        pytest.param(0, 5, Change(-5, -1000), "", id="to zero"),
        pytest.param(0, 0, Change(0, None), "", id="zero and zero"),
        pytest.param(5, Status.SUPPRESSED, None, "January–September 2025: confidential", id="last year suppressed"),
        pytest.param(Status.NOT_AVAILABLE, 5, None, "", id="this year not available"),
    ],
)
def test_the_change_against_the_same_period_of_the_last_year(form, now, was, change, said) -> None:
    found = figures(
        form, {"T05": {"30-34": now}}, history={LAST: past(form, {"T06": {"TR": 0}, "T05": {"30-34": was}}, LAST)}
    )
    statement = " ".join(text.en for text in found["S06"].statements)
    assert said in statement
    found = figures(form, {"T10": {"T": now}}, history={LAST: past(form, {"T10": {"T": was}}, LAST)})
    assert _headline(found, "T10")[0] == change


def test_other_periods_are_no_comparison(form: Form) -> None:
    other = {
        Period(2026, 2): past(form, {"T10": {"T": 5}}, Period(2026, 2)),
        Period(2025): past(form, {"T10": {"T": 5}}, Period(2025)),
    }
    found = figures(form, {"T10": {"T": 9}, "T05": {"0-4": 1}}, history=other)
    assert _headline(found, "T10") == (None, None)
    said = [text.en for figure in found.values() for text in (*figure.statements, *figure.remarks)]
    assert sum("neither an edition nor a full set of exports for 2025-Q3" in text for text in said) == 1


def test_numbers_that_come_from_exports_say_so(form: Form) -> None:
    counts = {"T10": {"T": 5}}
    loose = figures(form, counts, history={LAST: past(form, counts, LAST, published=False)})
    assert [remark.en for remark in loose["S01"].remarks] == [
        "Taken from the exports, because no edition stands: 2025-Q3."
    ]
    assert figures(form, counts, history={LAST: past(form, counts, LAST)})["S01"].remarks == ()


def test_a_broken_series_is_no_comparison(form: Form) -> None:
    broken = Text.same("the row was split")
    history = {LAST: History({("T10", "T", "T"): Cell(5)}, breaks={("T10", "T", ""): broken})}
    assert _headline(figures(form, {"T10": {"T": 9}}, history=history), "T10") == (None, broken)


def test_a_ranking_adds_up_and_keeps_the_order_of_the_form_among_equals(form: Form) -> None:
    by_country = dict.fromkeys(("TR", "RU", "GE", "IR", "PK", "IN", "UA", "TM", "DE", "FR", "US"), 5) | {"CN": 40}
    points = figures(form, {"T02": by_country | {"XXA.RU": 9}})["S03"].points
    assert [point.code for point in points[:1]] == ["CN"] and points[-1].is_rest
    assert sum(point.cells[0].value or 0 for point in points) == 95
    assert sum(point.share or 0 for point in points) == 1000
    layout = filled(form, {"T02": by_country})[1]["T02"]
    order = [row.code for row in layout.rows]
    equal = [order.index(point.code) for point in points[1:-1]]
    assert equal == sorted(equal)


def test_one_row_that_is_left_is_called_by_its_name(form: Form) -> None:
    most = next(figure.most for figure in form.summary if figure.id == "S03")
    one_more = dict.fromkeys(("TR", "RU", "GE", "IR", "PK", "IN", "UA", "TM", "DE")[: most + 1], 9)
    assert [point.is_rest for point in figures(form, {"T02": one_more})["S03"].points] == [False] * (most + 1)


@pytest.mark.parametrize(
    ("counts", "remark"),
    [
        pytest.param({"T03": {}}, "There were none", id="all zero"),
        pytest.param({"T03": {"45.1.1": Status.NOT_AVAILABLE, "45.1.9": 7}}, "data not available", id="a gap"),
        pytest.param({"T03": {"45.1.1": Status.SUPPRESSED}}, "confidential", id="suppressed"),
        pytest.param({}, "T03 is not filled", id="no table"),
    ],
)  # fmt: skip
def test_without_a_whole_there_is_no_share(form: Form, counts, remark) -> None:
    figure = figures(form, counts)["S04"]
    assert remark in " ".join(text.en for text in figure.remarks)
    assert figure.statements == () and all(point.share is None for point in figure.points)
    assert "NaN" not in _everything_said(figure) and "None" not in _everything_said(figure)


@pytest.mark.parametrize("persons", [0, 1])
def test_rows_of_persons_without_an_age_are_shown_when_there_are_any(form: Form, persons: int) -> None:
    cells, layouts = filled(form, {"T05": {"0-4": 1, "UNK": persons}})
    pyramid = next(figure for figure in summarise(form, Q3, cells, layouts, {}) if figure.id == "S06")
    assert ("UNK" in [point.code for point in pyramid.points]) is bool(persons)


def test_no_picture_of_quarters_without_earlier_ones(form: Form) -> None:
    figure = figures(form, {"T10": {"T": 4}, "T01": {"TR": 3}}, Q3)["S02"]
    assert figure.points == () and not figure.has_picture
    assert [text.en for text in figure.remarks] == ["Without data: 2025, 2026-Q1, 2026-Q2."]


def test_quarters_are_named_by_the_months_that_they_count(form: Form) -> None:
    history = {before: past(form, {"T01": {"TR": 2}}, before) for before in (Period(2026, 1), Period(2026, 2))}
    figure = figures(form, {"T01": {"TR": 3}}, Q3, history)["S02"]
    assert [head.en for head in figure.heads] == ["January–March", "January–June", "January–September"]
    assert [cell.value for cell in figure.points[0].cells] == [2, 2, 3] and figure.has_picture


def test_picture_and_sentence_name_the_same_rows_and_the_same_rest(form: Form) -> None:
    by_country = {"TR": 50, "RU": 40, "GE": 30, "IR": 20, "PK": 10, "IN": 9, "UA": 8, "TM": 7}
    figure = figures(form, {"T02": by_country})["S03"]
    rest = figure.points[-1]
    assert (
        rest.is_rest
        and rest.cells[0].value == 15
        and f"other countries {(rest.share or 0) / 10}" in figure.statements[0].en
    )
    names = [point.label.en for point in figure.points[:-1]]
    assert names == [name for name in names if name in figure.statements[0].en] and len(names) == 6
    assert not figure.remarks


def test_activities_below_their_share_are_in_neither(form: Form) -> None:
    figure = figures(form, {"T08": {"A": 500, "B": 450, "C": 25, "D": 24, "E": 1}})["S05"]
    assert [point.code for point in figure.points] == ["A", "B", "C", ""]


@pytest.mark.parametrize(
    ("eighth", "told"),
    [(9, ["As many as the last row shown (9), but counted with the rest: Ukraine, Turkmenistan."]), (8, [])],
    ids=["a tie", "no tie"],
)
def test_a_tie_at_the_end_of_a_ranking_is_told(form: Form, eighth: int, told: list[str]) -> None:
    by_country = {"TR": 50, "RU": 40, "GE": 30, "IR": 20, "PK": 10, "IN": 9, "UA": eighth, "TM": eighth, "DE": 1}
    said = [text.en for text in figures(form, {"T02": by_country})["S03"].remarks]
    assert sorted(said[0]) == sorted(told[0]) if told else said == []


def test_ages_that_tie_are_all_named(form: Form) -> None:
    said = figures(form, {"T05": {"0-4": 6, "20-24": 6, "5-9": 2}})["S06"].statements[0].en
    assert "The largest age group was 0–4, 20–24 (42.9 per cent)." in said


def test_a_version_without_a_table_has_a_summary_without_it(form: Form) -> None:
    fewer = {id: table for id, table in form.tables.items() if id not in {"T03", "T10"}}
    cells, layouts = filled(form, {"T02": {"TR": 1}})
    found = {figure.id: figure for figure in summarise(replace(form, tables=fewer), Q3, cells, layouts, {})}
    assert "S04" not in found and len(found["S01"].points) == len(form.summary[0].quantity) - 1


def test_a_year_looks_at_its_own_fourth_quarter(form: Form) -> None:
    periods = needed(form, Period(2026))
    assert [str(period) for period in periods] == [
        "2025", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3",
    ]  # fmt: skip
    assert periods[Period(2025, 1)] == {"T01", "T02", "T06", "T08"}


@given(st.lists(st.integers(0, 10**6), max_size=30), st.integers(0, 10**6))
def test_shares_add_up_to_a_hundred(named: list[int], left: int) -> None:
    whole = sum(named) + left
    if whole:
        given_shares = shares(named, whole)
        assert sum(given_shares) == 1000 and min(given_shares) >= 0
        assert all(
            abs(share * whole - value * 1000) <= whole for share, value in zip(given_shares, named, strict=False)
        )


@pytest.mark.parametrize(
    ("was", "becomes", "says"),
    [
        pytest.param('table = "T03"', 'table = "T33"', "names T33, which is no table", id="unknown table"),
        pytest.param('row = "FOREIGN"', 'row = "ALIENS"', "names row 'ALIENS'", id="unknown row"),
        pytest.param('column = "issued"', 'column = "given"', "names column 'given'", id="unknown column"),
        pytest.param('across = "sex"', 'across = "gender"', "lays 'gender' across", id="unknown dimension"),
        pytest.param('table = "T03"\nmost', 'table = "T03"\nrows = "groups"\nmost', "shows the groups of T03", id="groups of a table without"),
        pytest.param('"45.1.1" = {', '"45.9.9" = {', "no row of T03", id="name of no row"),
        pytest.param("Total {whole}. {list}.", "Total {sum}. {list}.", "alt asks for {sum}", id="unknown field"),
        pytest.param("{share} in other activities", "the others", "rest does not say the same", id="a language that says less"),
    ],
)  # fmt: skip
def test_the_audit_names_the_fault(tmp_path, was: str, becomes: str, says: str) -> None:
    form = edited(tmp_path, "summary.toml", was, becomes)
    assert any(says in fault for fault in audit(form)), audit(form)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "counts",
    [
        pytest.param({"T02": {"TR": 1}}, id="one country"),
        pytest.param({"T02": {"TR": 999_999_999_999, "RU": 1}}, id="very large and very small"),
        pytest.param({"T05": {"0-4": 1}}, id="one child"),
        pytest.param({"T05": {"0-4": Status.SUPPRESSED, "5-9": 3}}, id="an age that is suppressed"),
        pytest.param({"T01": {"TR": 1}}, id="one table in the quarters"),
        pytest.param({}, id="nothing at all"),
    ],
)
def test_odd_forms_are_drawn(form: Form, counts, language) -> None:
    for figure in figures(form, counts, Q3).values():
        if figure.has_picture:
            drawn = pictures.svg(figure, language)
            assert "nan" not in drawn and "inf" not in drawn.replace("info", "")
