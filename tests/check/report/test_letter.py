"""The letter to the sender: what it says by verdict and lateness, and that it is one page whatever is wrong."""

import io
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from form1.archive.receptions import Arrival
from form1.check.report import letter
from form1.core.cells import Address
from form1.core.findings import Finding, Place, Severity, Verdict
from form1.core.periods import Period
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.configuration import Calendar, Letter
from form1.model.causes import Amendment, Cause, Causes, CausesStatus
from form1.model.forms import InputFile, Received

BAKU = ZoneInfo("Asia/Baku")
Q3 = Period(2026, 3)
OFFICE = Letter(days=10, signed_by="Head of the division", contact="+994 12 000 00 00")


def _arrival(verdict: str = "rejected", language: Language = "en", **more: object) -> Arrival:
    arrival = Arrival(
        period=Q3,
        file="form.xlsx",
        size=9,
        sha256="a" * 64,
        received=datetime(2026, 10, 20, 10, 5, tzinfo=BAKU),
        sender=None,
        due=datetime(2026, 10, 25, 23, 59, 59, tzinfo=BAKU),
        verdict=verdict,
        language=language,
    )
    return replace(arrival, **more)


def _received(form: Form, errors: int = 0, warnings: int = 0, causes: int = 0, language: Language = "en") -> Received:
    facts = {"found": 1, "expected": 2, "difference": -1, "parts": ()}
    findings = [
        Finding("sum_differs", severity, 1, Place("T01", f"C{number}", "M"), facts, rule="R")
        for severity, count in ((Severity.ERROR, errors), (Severity.WARNING, warnings))
        for number in range(count)
    ]
    amended = tuple(Amendment(Address("T03", "45.1.8", "M"), 3696, 3669) for _ in range(20))
    return Received(
        form=form.of(Q3),
        period=Q3,
        language=language,
        cells={},
        layouts={},
        inputs=(InputFile("form.xlsx", 9, "a" * 64),),
        findings=tuple(findings),
        results=(),
        verdict=Verdict.REJECTED if errors else Verdict.ACCEPTED,
        causes=Causes(CausesStatus.SOLVED, tuple(Cause("cause_digits", amended, 1.0) for _ in range(causes))),
    )


def _text(form: Form, received: Received | None, arrival: Arrival, office: Letter = OFFICE) -> str:
    files = letter.draw(form, received, arrival, Calendar(), office, as_pdf=False)
    assert list(files) == ["letter.txt"]
    return files["letter.txt"].decode()


def test_what_stands_in_the_letter(form: Form) -> None:
    said = _text(form, _received(form, errors=1, warnings=1), _arrival())
    assert max(map(len, said.splitlines())) <= 79
    flat = " ".join(said.split())
    assert "To: State Migration Service of the Republic of Azerbaijan" in flat
    assert "Received: 20 October 2026, 10:05 (Baku time)" in flat
    assert "Due by: 25 October 2026 (the form came in time)" in flat
    assert "The form is returned for correction" in flat
    assert flat.index("To be mended 1. T01") < flat.index("To be explained 1. T01")
    assert "Please answer by 30 October 2026. Head of the division Contact: +994 12 000 00 00" in flat


@pytest.mark.parametrize(
    "arrival, office, there, not_there",
    [
        pytest.param(_arrival(), Letter(), "returned", "Please answer", id="no day configured, none printed"),
        pytest.param(_arrival("accepted"), OFFICE, "Nothing has to be mended", "Please answer", id="accepted"),
        pytest.param(
            _arrival(received=datetime(2026, 10, 26, 0, 1, tzinfo=BAKU)), OFFICE, "came after", "in time", id="late"
        ),
        pytest.param(_arrival("accepted_with_warnings"), OFFICE, "please explain", "returned", id="warnings"),
    ],
)
def test_by_verdict_and_day(form: Form, arrival: Arrival, office: Letter, there: str, not_there: str) -> None:
    said = _text(form, _received(form), arrival, office)
    assert there in said
    assert not_there not in said


def test_a_refused_file_is_told_why(form: Form) -> None:
    said = _text(form, None, _arrival("refused", period=None, due=None, refusal="it is a picture"))
    assert "could not be read and was not checked: it is a picture" in " ".join(said.split())
    assert "Due by" not in said
    assert "Reporting period" not in said


def test_the_day_to_answer_moves_off_a_day_off(form: Form) -> None:
    """30 October 2026 is a Friday; with 11 days the day is a Saturday, and the Monday after it."""
    view = letter.letter_view(form, None, _arrival("refused"), Calendar(days_off="next"), Letter(days=11))
    assert view.answer == "Please answer by 2 November 2026."


def test_what_finds_no_room_is_a_number(form: Form) -> None:
    view = letter.letter_view(form, _received(form, errors=500, warnings=90, causes=7), _arrival(), Calendar(), OFFICE)
    causes, errors, warnings = view.sections
    for section, of in ((causes, 7), (errors, 500), (warnings, 90)):
        assert section.items
        assert section.more.startswith(f"and {of - len(section.items)} more")


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_one_page_whatever_is_wrong(form: Form, language: Language) -> None:
    received = _received(form, errors=500, warnings=90, causes=9, language=language)
    arrival = _arrival(language=language, file="ə" * 300 + "漢.xlsx")
    files = letter.draw(form, received, arrival, Calendar(), OFFICE, as_pdf=True)
    document = pypdfium2.PdfDocument(io.BytesIO(files["letter.pdf"]))
    assert len(document) == 1
    assert files == letter.draw(form, received, arrival, Calendar(), OFFICE, as_pdf=True)
