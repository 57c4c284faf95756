"""The statements that the Committee published on valid work permits, said again by our sentence.

published.csv holds totals and shares as they were published, each with its source. The counts by section were not
published: those here are ours, chosen so that they give the published shares of the published total; what was published
as one remainder is spread over the sections that were not named.
"""

import csv
import re
from pathlib import Path

import pytest

from form1.core.periods import Period
from form1.core.values import tenths
from form1.definition import Form
from tests.build.summary.making import figures

PERIODS = ("2019-Q1", "2019-Q2", "2020-Q1", "2020-Q4")
FIGURE = "S05"


def _published(period: str) -> tuple[int, dict[str, int], int]:
    """The total, the shares by section and that of the remainder, in tenths of a per cent."""
    with (Path(__file__).parent / "published.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["category"]: row["value"] for row in csv.DictReader(lines) if row["period"] == period}
    total, rest = int(rows.pop("TOTAL")), round(float(rows.pop("OTHER")) * 10)
    return total, {section: round(float(share) * 10) for section, share in rows.items()}, rest


def _fitting(total: int, shares: dict[str, int], sections: list[str]) -> dict[str, int]:
    """Counts of ours that have these shares of this total."""
    counts = {section: (share * total + 500) // 1000 for section, share in shares.items()}
    assert {section: tenths(count, total) for section, count in counts.items()} == shares
    others, left = [section for section in sections if section not in counts], total - sum(counts.values())
    even, odd = divmod(left, len(others))
    return counts | {section: even + (place < odd) for place, section in enumerate(others)}


@pytest.mark.parametrize("written", PERIODS)
def test_the_published_shares(form: Form, written: str) -> None:
    period = Period.parse(written)
    of_then = form.of(period)
    total, shares, rest = _published(written)
    names = {entry.code: entry.name.en.lower() for entry in of_then.codelists["nace_sections"].on(period.last_day)}
    names |= {code: name.en for code, name in next(f for f in of_then.summary if f.id == FIGURE).names.items()}
    counts = _fitting(total, shares, list(names))
    rows = of_then.tables["T08"].rows.renamed
    figure = figures(of_then, {"T08": {rows.get(code, code): count for code, count in counts.items()}}, period)[FIGURE]
    sentence = figure.statements[0]

    said = re.findall(r"([0-9]+\.[0-9])(?: per cent)? in ([^0-9]+?)(?:, |\.$)", sentence.en)
    published = [(share, names[section]) for section, share in sorted(shares.items(), key=lambda pair: -pair[1])]
    assert [(round(float(share) * 10), name) for share, name in said] == [*published, (rest, "other activities")]
    assert sum(round(float(share) * 10) for share, _ in said) == 1000
    assert f"{total:,}".replace(",", "\u00a0") in sentence.az
    of_az = re.findall(r"([0-9]+,[0-9]) faizi", sentence.az)
    of_ru = re.findall(r"— ([0-9]+,[0-9])", sentence.ru)
    assert of_az == of_ru == [share.replace(".", ",") for share, _ in said]


def test_the_sentence_of_2020_word_for_word(form: Form) -> None:
    total, shares, _ = _published("2020-Q4")
    period = Period(2020)
    counts = _fitting(
        total, shares, [entry.code for entry in form.codelists["nace_sections"].codes if entry.code != "T"]
    )
    sentence = figures(form.of(period), {"T08": counts}, period)[FIGURE].statements[0]
    assert sentence.az.replace("\u00a0", " ") == (
        "Dövrün sonuna 5 287 nəfərin iş icazəsi qüvvədə olmuşdur. Onların 29,2 faizi tikinti sahəsində, 23,2 faizi "
        "mədənçıxarma sənayesi sahəsində, 9,5 faizi emal sənayesi sahəsində, 6,2 faizi turistlərin yerləşdirilməsi və "
        "ictimai iaşə sahəsində, 5,7 faizi ticarət və nəqliyyat vasitələrinin təmiri sahəsində, 5,6 faizi təhsil "
        "sahəsində, 20,6 faizi isə digər sahələrdə çalışır."
    )
    assert sentence.en.replace("\u00a0", " ").endswith(
        "of these, 29.2 per cent in construction, 23.2 in mining, 9.5 in manufacturing, 6.2 in accommodation of tourists "
        "and public catering, 5.7 in trade and repair of transport means, 5.6 in education, 20.6 in other activities."
    )
    assert sentence.ru.replace("\u00a0", " ").endswith(
        "строительство — 29,2 процента, добыча полезных ископаемых — 23,2, обрабатывающие производства — 9,5, размещение "
        "туристов и общественное питание — 6,2, торговля и ремонт транспортных средств — 5,7, образование — 5,6, другие "
        "виды деятельности — 20,6 процента."
    )
