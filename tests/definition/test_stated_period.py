"""The period that a text names, in the wordings of an office in three languages."""

import pytest

from form1.core.periods import Period
from form1.definition import Form
from form1.definition.stated_period import period_reader

Q3 = Period(2026, 3)
OF_Q3 = [
    "III rüb 2026", "2026-cı ilin 3-cü rübü", "2026-cı ilin üçüncü rübü", "3 квартал 2026", "III квартал 2026 г.", "Q3 2026",
    "2026 Q3", "2026-Q3", "2026Q3", "3Q 2026", "yanvar-sentyabr 2026", "2026-cı ilin yanvar–sentyabr ayları", "30.09.2026",
    "30 sentyabr 2026-cı il tarixinə", "September 30, 2026", "на 1 октября 2026 года", "9 months of 2026", "2026-cı ilin 9 ayı",
    "девять месяцев 2026", "01.01.2026-30.09.2026", "at the end of the third quarter of 2026", "2026-09-30", "2026-cı il",
    "3Q26", "Q3'26", "9M 2026", "2026/3", "III/2026", "на 1 июля – 30 сентября 2026", "09/30/2026", "30.09.26",
]  # fmt: skip
OF_OTHERS = [
    "III rüb 2025", "2025-ci ilin 3-cü rübü", "3 квартал 2025", "Q3 2025", "yanvar-sentyabr 2025", "30.09.2025",
    "9 months of 2025", "2025-ci il", "II rüb 2026", "first half of 2026", "6 ay 2026", "январь-август 2026", "30.06.2026",
    "Ötən ilin müvafiq dövrü", "last year", "əvvəlki rüb", "Əvvəlki dövr", "H1 2026", "1H2026", "6M 2026", "9M25", "2Q2026", "Q3'25", "3Q25",
    "3 кв. 25", "2026/2", "2026 II", "II/2026", "Ⅱ rüb 2026", "на 1 июля 2026", "за январь-июнь 2026 г.", "30.06.26",
    "06/30/2026", "06.2026", "2026-06", "avqust 2026", "Sep-25", "сентябрь 2025", "2026-cı ilin birinci yarısı",
]  # fmt: skip
OF_NONE = [
    "Müvəqqəti yaşamaq icazəsi", "28.07.2015-ci il tarixli 30/06 nömrəli qərarı ilə", "məlumat 05.10.2026 tarixinə çıxarılıb",
    "Persons aged 18-19", "Cədvəl 3", "avqust", "",
]  # fmt: skip


@pytest.mark.parametrize("text", OF_Q3)
def test_the_third_quarter(form: Form, text: str) -> None:
    stated = period_reader(form.sources.period_words).read(text)
    assert stated is not None
    assert stated.fits(Q3)


@pytest.mark.parametrize("text", OF_OTHERS)
def test_another_period(form: Form, text: str) -> None:
    stated = period_reader(form.sources.period_words).read(text)
    assert stated is not None
    assert not stated.fits(Q3)


@pytest.mark.parametrize("text", OF_NONE)
def test_no_period(form: Form, text: str) -> None:
    assert period_reader(form.sources.period_words).read(text) is None


def test_the_year_ends_with_its_last_quarter(form: Form) -> None:
    reader = period_reader(form.sources.period_words)
    for text in ("yanvar-dekabr 2026", "31.12.2026", "12 months of 2026"):
        assert reader.read(text).fits(Period(2026))
        assert reader.read(text).fits(Period(2026, 4))
    assert not reader.read("IV rüb 2026").fits(Period(2026))


def test_a_month_of_a_year_is_vague(form: Form) -> None:
    reader = period_reader(form.sources.period_words)
    for text in ("sentyabr 2026", "Sep-26", "09.2026", "oktyabr 2026"):
        assert reader.is_vague(text)
        assert reader.read(text).fits(Q3)
    assert not any(map(reader.is_vague, ("30 avqust 2026", "avqust", "III rüb 2026")))


@pytest.mark.parametrize("text", ["III rüb 25", "3 кв. 25", "third quarter '25", "rüb 25"])
def test_a_year_of_two_digits_behind_the_word_for_quarter(form: Form, text: str) -> None:
    stated = period_reader(form.sources.period_words).read(text)
    assert stated is not None and stated.years == {2025} and not stated.fits(Period(2026, 3))


def test_a_day_behind_the_word_for_quarter_is_no_year(form: Form) -> None:
    stated = period_reader(form.sources.period_words).read("rüb 30.09.2026")
    assert stated is not None and stated.years == {2026} and stated.fits(Period(2026, 3))
