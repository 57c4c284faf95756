"""Labels from outside resolve to one code or to the reason why not, never to a guess."""

import csv
import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from form1.core.findings import Place
from form1.definition import Form
from form1.definition.labels import Labels, Meaning, complaint, labels_of
from form1.definition.spelling import tidy

NOW = date(2026, 9, 30)
BEFORE_2021 = date(2019, 12, 31)


def labels(form: Form, table: str, dimension: str, on: date = NOW) -> Labels:
    return labels_of(form, form.tables[table], dimension, on)


@pytest.mark.parametrize(
    "label",
    [
        pytest.param("TR", id="code"),
        pytest.param("Türkiyə", id="az"),
        pytest.param("Turkey", id="en"),
        pytest.param("Турция", id="ru"),
        pytest.param("ТУРЦИЯ", id="ru in capitals"),
        pytest.param("TÜRKİYƏ", id="capitals with the dotted I"),
        pytest.param("TÜRKIYƏ", id="capitals with the plain I"),
        pytest.param("  Türkiyə\u00a0 ", id="white space"),
        pytest.param("Tu\u0308rkiyə", id="decomposed"),
        pytest.param("Türkiy\u01dd", id="U+01DD"),
        pytest.param("Türkiy\u04d9", id="Cyrillic schwa"),
        pytest.param("Türkiyä", id="code page 1254, a umlaut"),
        pytest.param("Türkiy?", id="code page 1254, question mark"),
        pytest.param("Türkiy@", id="code page 1254, at sign"),
        pytest.param("Türkiyə\u200b", id="invisible character"),
    ],
)
def test_country(form: Form, label: str) -> None:
    resolved = labels(form, "T01", "country").resolve(label)
    assert (resolved.meaning, resolved.code, resolved.raw) == (Meaning.CODE, "TR", "TR")


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Rusiya Federasiyası", "RU"),
        ("RUSİYA FEDERASİYASI", "RU"),
        ("R\u0443\u0441iya Federasiyası".replace("\u0443", "u").replace("\u0441", "s"), "RU"),
        ("B\u0435larus", "BY"),  # Cyrillic е
        ("\u0410lmaniya", "DE"),  # Cyrillic А
        ("IRAN", "IR"),
        ("QAZAXISTAN", "KZ"),
        ("Qazaxıstan", "KZ"),
    ],
)
def test_official_names_and_look_alikes(form: Form, label: str, code: str) -> None:
    assert labels(form, "T01", "country").resolve(label).code == code


@pytest.mark.parametrize("label", ["Cəmi", "CƏMİ", "cemi".replace("e", "ə"), "Total", "Итого", "Всего", "T"])
def test_total(form: Form, label: str) -> None:
    assert labels(form, "T01", "country").resolve(label).meaning is Meaning.TOTAL
    assert labels(form, "T01", "sex").resolve(label).meaning is Meaning.TOTAL


def test_an_exact_code_goes_before_the_sign_of_a_total(form: Form) -> None:
    """Section T of the activities is reported under its letter."""
    resolved = labels(form, "T08", "activity").resolve("T")
    assert (resolved.meaning, resolved.code) == (Meaning.CODE, "T")
    assert labels(form, "T08", "activity").resolve("Cəmi").meaning is Meaning.TOTAL


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("CIS", "CIS"),
        ("MDB ölkələri", "CIS"),
        ("Страны СНГ", "CIS"),
        ("Əcnəbilər", "FOREIGN"),
        ("XXA", "XXA"),
    ],
)
def test_group(form: Form, label: str, code: str) -> None:
    resolved = labels(form, "T01", "country").resolve(label)
    assert (resolved.meaning, resolved.code) == (Meaning.GROUP, code)


@pytest.mark.parametrize(
    ("table", "dimension", "label", "codes"),
    [
        pytest.param("T04", "place", "Naxçıvan", {"AZ-NV", "ER02"}, id="a city and an economic region"),
        pytest.param("T01", "country", "Koreya", {"KR", "KP"}, id="two countries"),
    ],
)
def test_what_fits_two_things_is_ambiguous(form: Form, table: str, dimension: str, label: str, codes: set[str]) -> None:
    resolved = labels(form, table, dimension).resolve(label)
    assert resolved.meaning is Meaning.AMBIGUOUS
    assert {candidate.partition(" ")[0] for candidate in resolved.candidates} == codes


def test_counted_as_keeps_the_raw_code(form: Form) -> None:
    resolved = labels(form, "T04", "place").resolve("LOC-BA-NIZ")
    assert (resolved.meaning, resolved.code, resolved.raw) == (Meaning.CODE, "AZ-BA", "LOC-BA-NIZ")


def test_codes_have_dates(form: Form) -> None:
    now, then = labels(form, "T04", "place"), labels(form, "T04", "place", BEFORE_2021)
    assert now.resolve("ER03").meaning is Meaning.GROUP
    early = then.resolve("ER03")
    assert early.meaning is Meaning.NOT_IN_FORCE
    assert early.span.startswith("2021-07-07")
    # The same city stands in the list twice, once for each division.
    assert now.resolve("AZ-SM").code == then.resolve("AZ-SM").code == "AZ-SM"


def test_unknown_names_the_nearest(form: Form) -> None:
    resolved = labels(form, "T01", "country").resolve("Türkiyye")
    assert resolved.meaning is Meaning.UNKNOWN
    assert "Türkiyə" in resolved.candidates
    assert len(resolved.candidates) <= 3


def test_nothing_near(form: Form) -> None:
    resolved = labels(form, "T01", "country").resolve("zzzzqqqq")
    assert (resolved.meaning, resolved.candidates) == (Meaning.UNKNOWN, ())


def test_the_search_for_near_labels_is_bounded(form: Form) -> None:
    known = labels(form, "T01", "sex")
    began = time.process_time()
    answers = [known.resolve(f"Qadin {number}") for number in range(50_000)]
    assert {answer.meaning for answer in answers} == {Meaning.UNKNOWN}
    assert answers[0].candidates
    assert answers[-1].candidates == ()
    assert time.process_time() - began < 10


@pytest.mark.parametrize("table", [f"T{number:02}" for number in range(1, 11)])
def test_every_code_and_name_in_force_resolves(form: Form, table: str) -> None:
    """A name of a code list means its code, or it is plainly said to be ambiguous; it is never unknown."""
    for dimension in form.tables[table].dimensions:
        known = labels(form, table, dimension)
        for entry in form.codelist_of(form.tables[table], dimension).on(NOW):
            assert known.resolve(entry.code).raw == entry.code
            for name in (entry.name.az, entry.name.en, entry.name.ru):
                found = known.resolve(name)
                assert found.raw == entry.code or found.meaning is Meaning.AMBIGUOUS


def test_tidy() -> None:
    assert tidy("\ufeffA \n B\t") == "A B"


@pytest.mark.parametrize("label", ["20 - 24", "20–24", "20 — 24", "20-24"])
def test_spaces_around_a_dash_say_nothing(form: Form, label: str) -> None:
    assert labels_of(form, form.tables["T08"], "age_group", date(2026, 9, 30)).resolve(label).code == "20-24"


def test_a_label_that_became_a_date_is_named(form: Form) -> None:
    table, day = form.tables["T05"], date(2026, 9, 30)
    resolved = labels_of(form, table, "age_group", day).resolve("2026-09-05")
    finding = complaint(resolved, "2026-09-05", form.dimension("age_group").name, day, Place())
    assert finding is not None and finding.message == "label_is_date"


def _spellings() -> list[dict[str, str]]:
    with (Path(__file__).parent / "spellings.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("dimension", ["country", "ground", "activity", "place", "education"])
def test_spellings_of_an_office(form: Form, dimension: str) -> None:
    """Of what an office writes at least 95 of 100 are known, and none is taken for something else."""
    rows = [row for row in _spellings() if row["dimension"] == dimension]
    answers = [(row, labels(form, row["table"], dimension).resolve(row["spelling"])) for row in rows]
    wrong = [(row["spelling"], found.code) for row, found in answers if found.is_clear and found.code != row["code"]]
    unknown = [row["spelling"] for row, found in answers if not found.is_clear]
    assert wrong == []
    assert len(unknown) <= len(rows) // 20, unknown


def test_there_are_enough_spellings() -> None:
    count = Counter(row["dimension"] for row in _spellings())
    assert count.total() >= 300 and count["country"] >= 108 and min(count.values()) >= 25


@pytest.mark.parametrize(
    ("table", "dimension", "label"),
    [
        pytest.param("T01", "country", "Koreya", id="two countries"),
        pytest.param("T01", "country", "Konqo Xalq Respublikası", id="neither Congo goes by it"),
        pytest.param("T01", "country", "Çin Respublikası", id="not the People's Republic"),
        pytest.param("T01", "country", "Dominika Respublikası", id="Dominica or the Dominican Republic"),
        pytest.param("T01", "country", "Virgin adaları", id="two groups of islands"),
        pytest.param("T01", "country", "Cənubi Kipr Respublikası", id="a part of a name"),
        pytest.param("T01", "country", "Şimali Kipr Türk Respublikası", id="a name that no list has"),
        pytest.param("T01", "country", "Respublika", id="nothing but a generic word"),
        pytest.param("T01", "country", "Men", id="a short name without its generic word"),
        pytest.param("T01", "country", "Türkiyə (Georgia)", id="halves that differ"),
        pytest.param("T01", "country", "TR - Gürcüstan", id="a code beside another name"),
        pytest.param("T01", "country", "Rusiya, Belarus", id="two countries in one label"),
        pytest.param("T01", "country", "Türkiyə və digərləri", id="a country and more"),
        pytest.param("T01", "country", "31", id="a numeric code without its zero"),
        pytest.param("T01", "country", "4", id="a running number"),
        pytest.param("T01", "country", "Tür", id="the beginning of a name"),
        pytest.param("T03", "ground", "45.1.1-1", id="an article that there is not, like 45.1.11"),
        pytest.param("T03", "ground", "45.1", id="the article that holds all grounds"),
        pytest.param("T03", "ground", "azı 100.000 manat", id="a sum that several grounds name"),
        pytest.param("T04", "place", "Naxçıvan", id="a city and a region"),
        pytest.param("T08", "activity", "Sənaye", id="three sections"),
        pytest.param("T08", "activity", "Xidmətlər", id="several sections"),
        pytest.param("T09", "education", "Orta", id="three levels"),
        pytest.param("T09", "education", "Təhsil", id="no level at all"),
    ],
)
def test_what_is_not_sure_is_not_taken(form: Form, table: str, dimension: str, label: str) -> None:
    assert not labels(form, table, dimension).resolve(label).is_clear


@pytest.mark.parametrize("label", ["Abxaziya Respublikası", "Kosmos Krallığı", "Filan Dövləti"])
def test_no_proposal_shares_only_a_generic_word(form: Form, label: str) -> None:
    assert labels(form, "T01", "country").resolve(label).candidates == ()


def test_a_beginning_is_proposed(form: Form) -> None:
    assert "Azərbaycan" in labels(form, "T01", "country").resolve("Azərb").candidates
