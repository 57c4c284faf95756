"""The notes: which marks stand in which period, nothing without its note or its place, every concept and heading answered."""

import csv
import re
from pathlib import Path

import pytest

from form1.core.errors import DefinitionError
from form1.core.periods import Period
from form1.definition import Form
from form1.definition.audit.notes import contradictions, gaps, noted
from form1.definition.fillable import possible_rows
from form1.definition.layout import lay_out
from form1.definition.marks import Marks, Spot, marks
from tests.making import REPOSITORY, edited

BREAKS = {
    "2015-Q3": {"registration_2014": ["T01"]},
    "2016-Q1": {},
    "2016-Q2": {"grounds_2016": ["T03"]},
    "2017-Q4": {"grounds_2016": ["T03"]},
    "2018-Q1": {},
    "2018-Q2": {"registration_2018": ["T01"]},
    "2018": {"registration_2018": ["T01"]},
    "2019-Q2": {"registration_2018": ["T01"]},
    "2019-Q3": {"registration_2018": ["T01"], "grounds_2019": ["T03", "T03 45.1.3"]},
    "2020-Q4": {"grounds_2019": ["T03", "T03 45.1.3"]},
    "2021-Q2": {},
    "2021-Q3": {"regions_2021": ["T04"]},
    "2022-Q3": {"regions_2021": ["T04"]},
    "2022-Q4": {"regions_2021": ["T04"], "grounds_2022": ["T03 45.1.7-1", "T10"]},
    "2023-Q1": {"grounds_2022": ["T03 45.1.7-1", "T10"]},
    "2023-Q2": {
        "grounds_2022": ["T03 45.1.7-1", "T10"],
        "grounds_2023": ["T03", "T03 45.1.2", "T03 45.1.6-1"],
        "permanent_2023": ["T05", "T06"],
    },
    "2024-Q4": {
        "grounds_2023": ["T03", "T03 45.1.2", "T03 45.1.6-1"],
        "permanent_2023": ["T05", "T06"],
        "aghdara_2023": ["T04 LOC-AGDERE"],
    },
    "2025-Q1": {"grounds_2024": ["T03", "T10"]},
    "2026": {"grounds_2024": ["T03", "T10"]},
    "2027-Q1": {},
}
"""The year of a break and the year after: here as a reader of the acts would count, from the days in the facts."""


def marked(form: Form, period: Period) -> Marks:
    """The marks of a form in which every row stands that can."""
    form = form.of(period)
    on = period.last_day
    return marks(
        form,
        period,
        {id: lay_out(form, table, on, possible_rows(form, table, on)) for id, table in form.tables.items()},
    )


@pytest.mark.parametrize("written", BREAKS)
def test_breaks_are_marked_in_their_year_and_the_next(form: Form, written: str) -> None:
    found = {
        each.note.id.removeprefix("B."): [f"{spot.table} {spot.key}".strip() for spot in each.spots]
        for each in marked(form, Period.parse(written)).numbered
        if each.note.breaks
    }
    assert found == BREAKS[written]


@pytest.mark.parametrize(
    ("written", "limit"), [("2016-Q4", "_2014"), ("2018-Q1", "_2014"), ("2018-Q2", ""), ("2026-Q3", "")]
)
def test_one_definition_of_registration_holds_at_a_time(form: Form, written: str, limit: str) -> None:
    ids = [each.note.id for each in marked(form, Period.parse(written)).numbered]
    assert [id for id in ids if id.startswith("M.registration")] == [f"M.registration{limit}"]


@pytest.mark.parametrize("written", ["2015-Q3", "2018-Q2", "2019-Q4", "2021-Q3", "2023", "2026-Q3"])
def test_numbers_follow_the_order_of_the_marks(form: Form, written: str) -> None:
    """No number without a mark, no mark without its note; whoever reads on meets 1, 2, 3 …"""
    found = marked(form, Period.parse(written))
    assert [each.number for each in found.numbered] == list(range(1, len(found.numbered) + 1))
    at = {(spot, each.number) for each in found.numbered for spot in each.spots}
    assert at == {(spot, number) for spot, numbers in found.by_spot.items() for number in numbers}
    tables = list(form.tables)
    first = [each.spots[0] for each in found.numbered]
    assert [tables.index(spot.table) for spot in first if spot.table] == sorted(
        tables.index(spot.table) for spot in first if spot.table
    )
    assert [spot.where for spot in first if not spot.table] == ["sign"] * sum(not spot.table for spot in first)
    assert first[-1].table == "" and found.at("", "sign", "-") and found.by_spot[Spot("T01", "title")][0] == 1


EXTRA = '\n[[note]]\nid = "X.1"\naz = "a"\nen = "e"\nru = "р"\nsource = "test"\nstatus = "INFERRED"\n'
NAMED = 'name = { az = "a", en = "e", ru = "р" }\n'


def extra(more: str, text: str = "e") -> tuple[str, str, str]:
    """An edit that adds one note at the head of marks.toml."""
    before = "# Numbered notes:"
    return "notes/marks.toml", before, EXTRA.replace('en = "e"', f'en = "{text}"') + more + "\n" + before


@pytest.mark.parametrize(
    ("edit", "says"),
    [
        pytest.param(extra('concept = "S.3.2"\n' + NAMED + 'at = [{ table = "T03", row = "45.9.9" }]'), "X.1 is marked at T03 row 45.9.9, which the table never has", id="a note that no table uses"),
        pytest.param(extra('concept = "S.3.2"\nvalid_to = 2024-12-31\n' + NAMED + 'at = [{ table = "T03", row = "45.1.X-HSM" }]'), "which the table never has while it is in force", id="a row that came after the note ended"),
        pytest.param(extra('concept = "S.15.2"\nbreak = 2016-01-01\n' + NAMED + 'at = [{ table = "T03", row = "45.1.1" }]'), "which the table never has while it is in force", id="a row that came after the marks of the break"),
        pytest.param(extra('concept = "S.3.2"\n' + NAMED + 'at = [{ table = "T07", column = "M" }]'), "X.1 is marked at T07 column M", id="a column that is none"),
        pytest.param(extra('concept = "S.3.2"\n' + NAMED + 'at = [{ table = "T11" }]'), "X.1 is marked in T11, which is no table", id="a table that is none"),
        pytest.param(extra('concept = "S.3.2"\n' + NAMED + 'at = [{ sign = "?" }]'), "'?', which is no conventional sign", id="a sign that is none"),
        pytest.param(extra('concept = "S.99"'), "X.1 belongs to 'S.99', which is no SIMS concept", id="a concept that is none"),
        pytest.param(extra('concept = "S.3.2"\nheadings = ["9.9"]'), "X.1 answers '9.9', which is no heading", id="a heading that is none"),
        pytest.param(extra('concept = "S.3.2"', "see S.99.1"), "X.1 refers to S.99.1, on which there is no note", id="a broken reference"),
        pytest.param(extra('table = "T12"\naspect = "basis"'), "X.1 belongs to T12, which is no table", id="a note on no table"),
        pytest.param(("codes/sex.csv", "Men", "Men [3]"), "'Men [3]' carries a mark without its note", id="a mark without its note in a label"),
        pytest.param(("tables/t05.toml", 'en = "Age group"', 'en = "Age group¹"'), "'Age group¹' carries a mark without its note", id="a raised figure in a head"),
        pytest.param(("notes/form.toml", 'asks = ["contact_fax"]', 'asks = ["fax"]'), "N-S.1.8 asks 'fax', which is no question", id="a question that is none"),
        pytest.param(("questions.toml", 'note = "M.ages"', 'note = "M.zero"'), "the answer to age_groups belongs to M.zero, which does not ask it", id="an answer in a note that does not ask"),
        pytest.param(("notes/form.toml", 'concept = "S.1.8"', 'concept = "S.1.7"'), "nothing is said on the concept S.1.8", id="a concept without a note"),
        pytest.param(("notes/form.toml", 'headings = ["1.10"]', "headings = []"), "no note answers the authority's heading 1.10", id="a heading without a note"),
    ],
)  # fmt: skip
def test_the_audit_names_the_fault(tmp_path: Path, edit: tuple[str, str, str], says: str) -> None:
    form = edited(tmp_path, *edit)
    faults = [*contradictions(form), *gaps(form)]
    assert any(says in fault for fault in faults), faults
    assert len(faults) == 1


@pytest.mark.parametrize(
    ("more", "says"),
    [
        pytest.param('concept = "S.3.2"\nat = [{ table = "T03" }]', "has a name", id="a mark of a note without a name"),
        pytest.param('concept = "S.3.2"\n' + NAMED, "has a name", id="a name without a mark"),
        pytest.param('table = "T03"', "a table and an aspect", id="a table without an aspect"),
        pytest.param('concept = "S.3.2"\nat = [{ row = "T" }]\n' + NAMED, "in a table, or is a sign", id="a row of no table"),
        pytest.param('concept = "S.3.2"\nvalid_from = 2025-01-01\nvalid_to = 2024-01-01', "ends before it begins", id="ends before it begins"),
        pytest.param('concept = "S.3.2"\nplaces = []', "places", id="an unknown key"),
        pytest.param('concept = "S.3.2"\nopen = { az = "a", en = "e", ru = "р" }', "names its questions", id="open, and nobody is asked"),
        pytest.param('concept = "S.3.2"\nasks = ["blank_form"]', "names its questions", id="asked, and nothing is open"),
    ],
)  # fmt: skip
def test_the_loader_refuses(tmp_path: Path, more: str, says: str) -> None:
    with pytest.raises(DefinitionError, match=says):
        edited(tmp_path, *extra(more))


def test_every_concept_and_heading_is_answered(form: Form) -> None:
    """The lists are read here by themselves: 83 concepts of SIMS 2.0, 37 headings of the authority."""
    concepts, headings = noted(form)
    for file, count, answered in (
        ("sims_concepts.csv", 83, concepts),
        ("ssc_form_metadata_headings.csv", 37, headings),
    ):
        with (REPOSITORY / "reference" / "codes" / file).open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        parents = {row["parent"] for row in rows}
        leaves = {row["code"] for row in rows} - parents
        assert len(rows) == count and leaves <= answered.keys()
    for day in (Period.parse(written).last_day for written in ("2015-Q3", "2019-Q2", "2026-Q3")):
        silent = [code for code, notes in concepts.items() if not any(note.in_force(day) for note in notes)]
        assert silent == []


def test_what_is_printed_never_speaks_of_something_not_found(form: Form) -> None:
    """Nor of files of the program: the reader of the paper has none."""
    missing = re.compile(
        r"tapılma(?!ya)|müəyyən edilməmişdir|göstərilmir|əldə edilməmiş|not found|were not obtained|\b[Nn]o .{3,90} (was|were) found"
        r"|[Нн]е найден|[Нн]е установлен|не обнаружен|не получен"
    )
    files = re.compile(r"\b[a-z]+_[a-z_]+\b|\.(toml|csv|json)\b|\bform1\b|reference/")
    notes = [*form.notes, *(note for overlay in form.overlays.values() for note in overlay.notes)]
    printed = [(note.id, text) for note in notes if note.is_printed for text in (note.az, note.en, note.ru)]
    assert len(printed) > 300
    assert [found for found in printed if missing.search(found[1]) or files.search(found[1])] == []
    assert all(missing.search(text) for note in form.notes if note.open for text in (note.open.az, note.open.en))


def test_notes_are_plain_and_in_three_languages(form: Form) -> None:
    """No markup, no line break, nothing left in another script by a slip of the keyboard."""
    for note in form.notes:
        texts = [note.text, *filter(None, (note.name, note.open))]
        for text in texts:
            assert not [said for said in (text.az, text.en, text.ru) if re.search(r"[<>*`\n]|\s\s|\s[.,;:]", said)]
            assert not re.search("[а-яА-ЯёЁ]", text.az + text.en), note.id
            assert re.search("[а-яё]", text.ru), note.id
            assert len({text.az, text.en, text.ru}) == 3, note.id
