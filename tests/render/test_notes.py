"""The same notes in workbook, PDF and page, and in metadata.json: each once, in full, with the same numbers."""

import html
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.codelists import Code
from form1.definition.notes import Note
from form1.model.forms import Edition
from form1.render import pdf, report
from form1.render.metadata import metadata_json
from form1.render.workbook import draw
from tests.render import workbook_samples

FORMS: list[tuple[str, Language]] = [("2019-Q4", "en"), ("2026-Q3", "ru")]


@pytest.fixture(scope="module", params=FORMS, ids=[written for written, _ in FORMS])
def submission(form: Form, request: pytest.FixtureRequest) -> Edition:
    written, language = request.param
    period = Period.parse(written)
    return workbook_samples.full(form.of(period), language, period)


def in_force(submission: Edition) -> list[Note]:
    """The notes that an edition must have: with a mark in it, or with none wherever they stand."""
    return [note for note in metadata(submission) if note.is_printed]


def metadata(submission: Edition) -> list[Note]:
    """Those that metadata.json must have: what is not known is told there."""
    return [note for note in submission.form.notes if note.in_force(submission.period.last_day)]


def texts(page: str) -> str:
    """What a page says, without its markup."""
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


def numbers(said: str, note: Note, language: Language) -> list[str]:
    """The numbers before the full text of a note, wherever it stands."""
    name, text = note.name.of(language) if note.name else "", note.text.of(language)
    return re.findall(rf"\[([0-9]+)\] {re.escape(name)}\. {re.escape(text)}", re.sub(r" \.", ".", said))


def test_each_note_stands_once_in_workbook_and_pdf_and_page(submission: Edition) -> None:
    language, marks = submission.language, submission.marks
    book = load_workbook(io.BytesIO(draw(submission)))
    sheet = book[submission.form.word("notes_sheet", language)]
    of_book = " ".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value)
    page = pdf.html(submission)
    of_pdf, of_page = texts(page), texts(report.draw(submission).decode())
    assert len(marks.numbered) > 20
    for note in in_force(submission):
        text, number = note.text.of(language), marks.number_of(note)
        # Notes on several tables may say the same.
        alike = [other for other in in_force(submission) if text in other.text.of(language)]
        assert [said.count(text) for said in (of_book, of_pdf)] == [len(alike)] * 2, note.id
        assert of_page.count(text) == sum(bool(marks.number_of(other)) for other in alike), note.id
        for said in (of_book, of_pdf, of_page):
            assert numbers(said, note, language) == ([str(number)] if number else []), note.id
    gone = [note for note in submission.form.notes if note not in in_force(submission)]
    assert gone and not [note.id for note in gone if note.text.of(language) in of_book + of_pdf + of_page]
    # A mark stands in a sheet, on paper and on the page at the same places.
    for layout in submission.layouts.values():
        table = layout.table
        wanted = [str(number) for number in marks.at(table.id, "title")]
        shown = " ".join(str(cell.value) for row in book[str(table.number)].iter_rows(max_row=5) for cell in row)
        title = re.escape(table.title.of(language))
        for said in (shown, of_pdf, of_page):
            # The table of contents gives the title without.
            found = max(re.findall(rf"{title}((?: \[[0-9]+\])*)", said), key=len)
            assert re.findall("[0-9]+", found) == wanted, table.id
    assert not re.search(r"\S  +\S", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))


def attributes(found: list[dict[str, Any]], above: str = "") -> Iterator[tuple[dict[str, Any], str]]:
    """Every attribute with the concept that it stands under."""
    for attribute in found:
        yield attribute, above
        yield from attributes(attribute.get("attributes", []), attribute["id"])


def told(attribute: dict[str, Any], kind: str) -> list[str]:
    return [each["value"] for each in attribute["annotations"] if each.get("type") == kind]


def test_metadata_is_sdmx_json_and_says_what_the_notes_say(submission: Edition) -> None:
    """The parts that the schema 2.0.0 of metadata messages requires, and every note in all languages exactly once."""
    message = json.loads(metadata_json(submission))
    assert set(message) == {"meta", "data"} and set(message["data"]) == {"metadataSets"}
    assert message["meta"].keys() >= {"schema", "id", "prepared", "sender", "contentLanguages", "name", "names"}
    assert message["meta"]["contentLanguages"][0] == submission.language
    sets = message["data"]["metadataSets"]
    assert len(sets) == 1 + len(submission.layouts) and len({each["id"] for each in sets}) == len(sets)
    seen: dict[str, dict[str, Any]] = {}
    for each in sets:
        assert each.keys() >= {"id", "agencyID", "version", "metadataflow", "targets", "attributes", "name"}
        assert re.fullmatch(r"[A-Za-z0-9_@$-]+", each["id"]) and each["targets"][0].startswith("urn:sdmx:org.sdmx.")
        assert (each["reportingBegin"], each["reportingEnd"]) == (
            str(submission.period.first_day),
            str(submission.period.last_day),
        )
        for attribute, _ in attributes(each["attributes"]):
            assert attribute.keys() <= {"id", "annotations", "value", "attributes"}
            assert re.fullmatch(r"[A-Za-z0-9_@$-]+", attribute["id"])
            for id in told(attribute, "note"):
                assert id not in seen
                seen[id] = attribute
    notes = {note.id: note for note in metadata(submission)}
    assert seen.keys() == notes.keys()
    for id, note in notes.items():
        assert seen[id]["value"] == note.whole.model_dump()
        assert told(seen[id], "status") == [note.status] and told(seen[id], "source") == [note.source]
        number = submission.marks.number_of(note)
        assert told(seen[id], "number") == ([str(number)] if number else [])


def test_metadata_is_valid_by_the_official_schema(submission: Edition) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((Path(__file__).parent / "schemas" / "sdmx-json-metadata-2.0.0.json").read_bytes())
    message = json.loads(metadata_json(submission))
    check = jsonschema.Draft7Validator(schema)
    assert message["meta"]["schema"] == schema["id"]
    assert [error.message for error in check.iter_errors(message)] == []
    message["data"]["metadataSets"][0]["version"] = "1.0"
    assert not check.is_valid(message)


def test_metadata_keeps_the_order_of_the_concepts(submission: Edition) -> None:
    """All of SIMS, each concept under its parent; the form's set leaves none out."""
    codes: dict[str, Code] = {code.code: code for code in submission.form.codelists["sims_concepts"].codes}
    whole = json.loads(metadata_json(submission))["data"]["metadataSets"][0]
    places = [
        (place["value"], above)
        for attribute, above in attributes(whole["attributes"])
        for place in attribute["annotations"]
        if place.get("id") == "SIMS"
    ]
    ids = {code: attribute["id"] for attribute, _ in attributes(whole["attributes"]) for code in sims(attribute)}
    assert set(ids) == set(codes) and len(set(ids.values())) == len(ids)
    for code, above in places:
        assert above == ids.get(codes[code].parent, "")


def sims(attribute: dict[str, Any]) -> list[str]:
    return [place["value"] for place in attribute["annotations"] if place.get("id") == "SIMS"]
