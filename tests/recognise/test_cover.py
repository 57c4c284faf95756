"""The cover of a received form is judged beside its labels, wherever these stand."""

import pytest

from form1.core.findings import Severity
from tests.recognise.editing import edited, put, renamed, sent

ABOUT = {"received_cover_differs", "received_cover_title", "received_cover_open"}


def _cover(language: str) -> str:
    return sent(language).sheets[0].name


def _at(language: str, text: str) -> str:
    from form1.xlsx.read.raw import cell_name

    return next(cell_name(*at) for at, cell in sent(language).sheets[0].cells.items() if cell.text == text)


def _told(language: str, *edits) -> list[tuple[str, str, str]]:
    findings = edited(_cover(language), *edits, language=language).findings
    return [(each.message, str(each.severity), each.place.cell) for each in findings if each.message in ABOUT]


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_the_cover_of_the_form_is_sound(language: str) -> None:
    assert _told(language) == []


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_the_code_of_another_form_is_an_error(language: str) -> None:
    at = _at(language, "03102111")
    assert _told(language, put(at, "t", "03102112")) == [("received_cover_differs", Severity.ERROR, at)]
    assert _told(language, put(at, "n", "3102112")) == [("received_cover_differs", Severity.ERROR, at)]


def test_a_code_that_lost_its_zero_is_the_code() -> None:
    assert _told("en", put(_at("en", "03102111"), "n", "3102111")) == []


def test_another_respondent_is_a_warning() -> None:
    at = _at("en", "State Migration Service of the Republic of Azerbaijan")
    told = _told("en", put(at, "t", "State Border Service of the Republic of Azerbaijan"))
    assert told == [("received_cover_differs", Severity.WARNING, at)]
    assert _told("en", put(at, "t", "Azərbaycan Respublikasının Dövlət Miqrasiya Xidməti")) == []


@pytest.mark.parametrize(
    ("language", "title", "other"),
    [
        ("az", "1 №-li forma (Miqrasiya)", "2 №-li forma (Əmək)"),
        ("en", "Form No. 1 (Migration)", "Form No. 12"),
        ("ru", "Форма № 1 (Миграция)", "Форма № 3 (Труд)"),
    ],
)
def test_the_title_of_another_form_is_a_warning(language: str, title: str, other: str) -> None:
    at = _at(language, title)
    assert _told(language, put(at, "t", other)) == [("received_cover_title", Severity.WARNING, at)]


def test_a_code_behind_its_label_is_judged() -> None:
    at = _at("en", "Form code")
    assert _told("en", put(at, "t", "Form code: 03102112")) == [("received_cover_differs", Severity.ERROR, at)]
    assert _told("en", put(at, "t", "Form code: 03102111")) == []


def test_a_cover_is_known_by_its_labels_and_not_by_its_name() -> None:
    at = _at("en", "03102111")
    assert _told("en", renamed("Sheet1"), put(at, "t", "999")) == [("received_cover_differs", Severity.ERROR, at)]
