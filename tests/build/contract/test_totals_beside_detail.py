"""Totals that an export carries beside its detail: compared at the edge, with every fact; parts, and the code T."""

from dataclasses import replace

import polars as pl
import pytest

from form1.build.contract import check
from form1.core.findings import Severity
from form1.core.periods import Period
from form1.definition import Form
from tests.build.contract.test_contract import BY_COUNTRY, BY_SEX, export

Q3 = Period(2026, 3)
PLACES = ("place", "sex", "persons")
ACTIVITIES = ("activity", "age_group", "sex", "persons")


def said(form: Form, table: str, columns, rows, *, quiet: tuple[str, ...] = ("code_left_out",)):
    """Message, line and facts of each finding, and whether the counts were kept."""
    counts, findings = check(form, form.tables[table], Q3, export(table, columns, rows))
    told = [(each.message, each.place.line, dict(each.facts)) for each in findings if each.message not in quiet]
    return told, counts


class TestTotals:
    @pytest.mark.parametrize(
        ("written", "difference"),
        [
            pytest.param("11", -1, id="one too few"),
            pytest.param("12", 0, id="adds up"),
            pytest.param("14", 2, id="two too many"),
        ],
    )
    def test_a_total(self, form: Form, written: str, difference: int) -> None:
        rows = [("45.1.8", "M", "10"), ("45.1.8", "F", "2"), ("45.1.8", "Cəmi", written)]
        told, counts = said(form, "T03", BY_SEX, rows)
        facts = {"labels": ("45.1.8", "Cəmi"), "written": int(written), "computed": 12, "difference": difference}
        assert told == ([("export_total_differs", 4, facts)] if difference else [])
        assert (counts is None) == bool(difference)
        if counts is not None:
            assert counts.frame.select("line", "persons").rows() == [(2, 10), (3, 2)]

    def test_each_total_covers_its_own_detail(self, form: Form) -> None:
        """One total of men is wrong; the others, of women, of a ground and of everybody, are right, in any order."""
        rows = [
            ("Cəmi", "Cəmi", "20"), ("Cəmi", "M", "15"), ("45.1.8", "M", "10"), ("45.1.9", "F", "3"), ("45.1.8", "F", "2"),
            ("45.1.9", "M", "5"), ("Cəmi", "F", "5"), ("45.1.9", "Cəmi", "9"),
        ]  # fmt: skip
        told, _ = said(form, "T03", BY_SEX, rows)
        facts = {"labels": ("45.1.9", "Cəmi"), "written": 9, "computed": 8, "difference": 1}
        assert told == [("export_total_differs", 9, facts)]

    def test_faults_stand_in_the_order_of_the_lines(self, form: Form) -> None:
        rows = [
            ("Cəmi", "Cəmi", "1"),
            ("45.1.8", "Cəmi", "1"),
            ("Cəmi", "M", "1"),
            ("45.1.8", "M", "10"),
            ("45.1.8", "F", "2"),
        ]
        told, _ = said(form, "T03", BY_SEX, rows)
        assert [(line, facts["computed"]) for _, line, facts in told] == [(2, 12), (3, 12), (4, 10)]

    @pytest.mark.parametrize(
        ("rows", "line", "gaps"),
        [
            pytest.param([("45.1.8", "M", "..."), ("45.1.8", "F", "2"), ("45.1.8", "T", "5")], 4, 1, id="one gap"),
            pytest.param([("45.1.8", "M", "..."), ("45.1.8", "F", "c"), ("45.1.8", "T", "5")], 4, 2, id="two gaps"),
            pytest.param([("45.1.8", "M", "x"), ("45.1.9", "M", "2"), ("T", "M", "2")], 4, 1, id="a total of the rows"),
        ],
    )
    def test_a_total_over_gaps_is_information(self, form: Form, rows, line: int, gaps: int) -> None:
        told, counts = said(form, "T03", BY_SEX, rows)
        assert told == [("export_total_not_compared", line, {"labels": rows[-1][:2], "gaps": gaps})]
        assert counts is not None and counts.frame.height == 2

    def test_a_gap_elsewhere_is_no_matter(self, form: Form) -> None:
        rows = [("45.1.8", "M", "3"), ("45.1.9", "M", "..."), ("45.1.8", "F", "2"), ("45.1.8", "Cəmi", "6")]
        assert [(message, line) for message, line, _ in said(form, "T03", BY_SEX, rows)[0]] == [
            ("export_total_differs", 5)
        ]

    def test_a_total_that_is_a_gap_is_not_compared(self, form: Form) -> None:
        rows = [("45.1.8", "M", "3"), ("45.1.8", "F", "2"), ("45.1.8", "Cəmi", "...")]
        told, counts = said(form, "T03", BY_SEX, rows)
        assert told == []
        assert counts is not None and counts.frame.height == 2

    def test_zero_over_nothing_is_right(self, form: Form) -> None:
        told, counts = said(
            form, "T03", BY_SEX, [("45.1.8", "M", "3"), ("45.1.9", "Cəmi", "0"), ("45.1.10", "Cəmi", "-")]
        )
        assert told == [] and counts is not None

    def test_a_label_that_nobody_knows_may_belong_to_any_total(self, form: Form) -> None:
        rows = [
            ("foreigner", "RU", "M", "5"),
            ("foreigner", "zzzzqqqq", "M", "2"),
            ("foreigner", "CIS", "M", "7"),
            ("foreigner", "Cəmi", "M", "5"),
        ]
        told, _ = said(form, "T01", BY_COUNTRY, rows)
        assert [(message, line) for message, line, _ in told] == [
            ("label_unknown_alone", 3), ("export_total_not_compared", 4), ("export_total_not_compared", 5),
        ]  # fmt: skip

    def test_a_number_beyond_all_counts_is_no_part_of_a_sum(self, form: Form) -> None:
        rows = [("45.1.8", "M", "1" * 16), ("45.1.8", "F", "2"), ("45.1.8", "Cəmi", "2")]
        told, _ = said(form, "T03", BY_SEX, rows)
        assert [message for message, _, _ in told] == ["count_not_whole", "export_total_not_compared"]
        rows = [("45.1.8", "M", "9" * 15), ("45.1.8", "F", "9" * 15), ("45.1.8", "Cəmi", "7")]
        (told,), _ = said(form, "T03", BY_SEX, rows)
        assert told[2]["computed"] == 2 * (10**15 - 1)

    def test_groups_are_those_of_the_codes(self, form: Form) -> None:
        """Regions: Bakı is a unit and a region; a unit of no region belongs to none."""
        rows = [("AZ-BA", "M", "7"), ("AZ-SM", "M", "3"), ("AZ-ABS", "M", "4"), ("UNK", "M", "1")]
        right = [("ER01", "M", "7"), ("ER03", "M", "7"), ("Cəmi", "M", "15")]
        assert said(form, "T04", PLACES, [*rows, *right])[0] == []
        told, _ = said(form, "T04", PLACES, [*rows, ("ER01", "M", "8"), ("ER03", "M", "15"), ("Cəmi", "M", "14")])
        assert [(line, facts["computed"]) for _, line, facts in told] == [(6, 7), (7, 7), (8, 15)]

    def test_blocks_and_groups_of_citizenship(self, form: Form) -> None:
        """Foreigners without the unknown; the stateless by country are no part of a group of foreigners alone."""
        rows = [
            ("foreigner", "RU", "M", "10"),
            ("foreigner", "TR", "M", "7"),
            ("foreigner", "XXX", "M", "1"),
            ("stateless", "RU", "M", "2"),
        ]
        totals = {
            ("foreigner", "CIS", "M"): 10,
            ("stateless", "CIS", "M"): 2,
            ("T", "CIS", "M"): 12,
            ("T", "Əcnəbilər", "M"): 17,
            ("foreigner", "T", "M"): 18,
            ("T", "T", "M"): 20,
        }
        for labels, right in totals.items():
            told, _ = said(form, "T01", BY_COUNTRY, [*rows, (*labels, str(right + 1))])
            assert [(line, facts["computed"]) for _, line, facts in told] == [(6, right)], labels


class TestGroupsThatDiffer:
    """Foreign men of two countries of the CIS and of one other."""

    ROWS = (("RU", "5"), ("UZ", "3"), ("TR", "7"))

    @staticmethod
    def members(form: Form, rows, written: int, *more) -> tuple[str, ...] | None:
        """The members that explain the group, or None where no choice does."""
        lines = [("foreigner", country, "M", count) for country, count in rows]
        told, _ = said(form, "T01", BY_COUNTRY, [*lines, *more, ("foreigner", "CIS", "M", str(written))])
        (found,) = [(message, facts) for message, line, facts in told if line == len(lines) + len(more) + 2]
        message, facts = found
        assert (facts["labels"], facts["written"]) == (("foreigner", "CIS", "M"), written)
        assert facts["difference"] == written - facts["computed"]
        assert message == ("export_group_differs" if "members" in facts else "export_total_differs")
        return facts.get("members")

    @pytest.mark.parametrize(
        ("rows", "written", "members"),
        [
            pytest.param(ROWS, 5, ("UZ (3)",), id="lacks one of ours"),
            pytest.param(ROWS, 15, ("TR (7)",), id="has another"),
            pytest.param(ROWS, 0, ("RU (5)", "UZ (3)"), id="lacks two of ours"),
            pytest.param(ROWS, 13, None, id="more by one of its own"),
            pytest.param(ROWS, 1, None, id="less by one of another"),
            pytest.param([*ROWS, ("KZ", "3")], 8, None, id="one of two"),
            pytest.param([*ROWS, ("KZ", "9")], 0, ("RU (5)", "UZ (3)", "KZ (9)"), id="lacks three of ours"),
            pytest.param([*ROWS, ("KZ", "9"), ("KG", "20")], 0, None, id="four explain anything"),
            pytest.param([("RU", "7"), ("TR", "7")], 14, ("TR (7)",), id="its own are no others"),
            pytest.param([*ROWS, ("GE", "...")], 15, ("TR (7)",), id="a gap elsewhere"),
        ],
    )
    def test_who_is_missing_or_too_many(self, form: Form, rows, written: int, members: tuple[str, ...] | None) -> None:
        assert self.members(form, rows, written) == members

    def test_only_lines_that_the_group_could_cover(self, form: Form) -> None:
        women, stateless = ("foreigner", "GE", "F", "7"), ("stateless", "GE", "M", "7")
        assert self.members(form, self.ROWS, 15, women, stateless) == ("TR (7)",)

    def test_a_total_of_another_label_covers_all_of_it(self, form: Form) -> None:
        rows = [("foreigner", "RU", "M", "5"), ("stateless", "RU", "M", "2"), ("foreigner", "UZ", "M", "3")]
        told, _ = said(form, "T01", BY_COUNTRY, [*rows, ("T", "CIS", "M", "3")])
        assert [facts.get("members") for _, line, facts in told if line == 5] == [("RU (7)",)]

    @pytest.mark.parametrize(
        ("beside", "great", "members"),
        [(58, 0, ("BE (2)", "AT (3)")), (59, 0, None), (58, 3, ("BE (2)", "AT (3)"))],
        ids=["sixty", "more than sixty", "and some that are too great"],
    )
    def test_among_too_many_nobody_is_named(
        self, form: Form, beside: int, great: int, members: tuple[str, ...] | None
    ) -> None:
        known = [
            entry.code
            for entry in form.codelists["countries"].on(Q3.last_day)
            if entry.parent != "CIS" and len(entry.code) == 2 and entry.code not in {"AT", "BE", "AZ"}
        ]
        counts = ["4"] * beside + ["9"] * great
        rows = [("RU", "5"), ("BE", "2"), ("AT", "3"), *zip(known, counts, strict=False)]
        assert self.members(form, rows, 10) == members


class TestTotalsThatStandTwice:
    DETAIL = (("45.1.8", "M", "10"), ("45.1.8", "F", "2"))

    @pytest.mark.parametrize(
        ("totals", "lines"),
        [
            pytest.param(["12"], [], id="once"),
            pytest.param(["12", "12"], [5], id="twice"),
            pytest.param(["12", "12", "12"], [5, 6], id="three times"),
        ],
    )
    def test_it_is_read_once(self, form: Form, totals: list[str], lines: list[int]) -> None:
        told, counts = said(form, "T03", BY_SEX, [*self.DETAIL, *(("45.1.8", "Cəmi", total) for total in totals)])
        assert told == [("total_twice", line, {"labels": ("45.1.8", "Cəmi"), "other": "4"}) for line in lines]
        assert counts is not None and counts.frame.height == 2

    @pytest.mark.parametrize("totals", [["12", "13"], ["12", "12", "13"], ["...", "..."]])
    def test_what_says_different_things_or_nothing_stays(self, form: Form, totals: list[str]) -> None:
        told, _ = said(form, "T03", BY_SEX, [*self.DETAIL, *(("45.1.8", "Cəmi", total) for total in totals)])
        assert not [message for message, _, _ in told if message == "total_twice"]

    def test_detail_that_stands_twice_is_another_matter(self, form: Form) -> None:
        told, counts = said(form, "T03", BY_SEX, [*self.DETAIL, *self.DETAIL])
        assert counts is None and told and not [message for message, _, _ in told if message == "total_twice"]

    def test_within_a_line_it_is_told_once(self, form: Form) -> None:
        rows = [*self.DETAIL, *[("45.1.8", "Cəmi", "12")] * 2, ("45.1.9", "M", "3"), *[("45.1.9", "Cəmi", "3")] * 2]
        made = export("T03", BY_SEX, rows)
        wide = replace(made, lines=made.lines.with_columns(line=pl.Series([2] * 4 + [3] * 3)))
        counts, findings = check(form, form.tables["T03"], Q3, wide)
        assert [(each.place.line, each.facts["other"]) for each in findings if each.message == "total_twice"] == [
            (2, "2")
        ]
        assert counts is not None


class TestParts:
    @pytest.mark.parametrize(
        ("whole", "parts", "message"),
        [
            pytest.param("7", ["3", "4"], "export_whole_and_parts", id="the sum of its districts"),
            pytest.param("6", ["3", "4"], None, id="one fewer"),
            pytest.param("8", ["3", "4"], None, id="one more"),
            pytest.param("3", ["3"], "export_counted_twice", id="the count of its one district"),
            pytest.param("0", ["0", "0"], None, id="nobody anywhere"),
            pytest.param("...", ["3", "4"], None, id="no number"),
            pytest.param(None, ["3", "4"], None, id="no line of its own"),
        ],
    )
    def test_a_city_and_its_districts(
        self, form: Form, whole: str | None, parts: list[str], message: str | None
    ) -> None:
        rows = [(code, "M", count) for code, count in zip(("LOC-BA-NIZ", "LOC-BA-SAB"), parts, strict=False)]
        rows += [("AZ-BA", "M", whole)] if whole is not None else []
        told, counts = said(form, "T04", PLACES, rows)
        if message is None:
            assert told == [] and counts is not None and counts.frame.height == len(rows)
            return
        lines = tuple(str(number) for number in range(2, 2 + len(parts)))
        facts = {"labels": ("AZ-BA", "M"), "written": int(whole or 0), "lines": lines}
        assert told == [(message, 2 + len(parts), facts)]

    def test_only_parts_of_the_same_cell(self, form: Form) -> None:
        """The districts' men are no part of the city's women."""
        rows = [("LOC-BA-NIZ", "M", "3"), ("LOC-BA-SAB", "M", "4"), ("AZ-BA", "F", "7"), ("AZ-SM", "M", "7")]
        told, counts = said(form, "T04", PLACES, rows)
        assert told == [] and counts is not None

    def test_whose_severity(self, form: Form) -> None:
        for parts, severity in ((["3", "4"], Severity.ERROR), (["7"], Severity.WARNING)):
            rows = [(code, "M", count) for code, count in zip(("LOC-BA-NIZ", "LOC-BA-SAB"), parts, strict=False)]
            _, findings = check(form, form.tables["T04"], Q3, export("T04", PLACES, [*rows, ("AZ-BA", "M", "7")]))
            assert [each.severity for each in findings if each.message != "code_left_out"] == [severity]


class TestTheCodeT:
    @pytest.mark.parametrize(
        ("rows", "line"),
        [
            pytest.param([("A", "10"), ("F", "10"), ("T", "18")], 4, id="exactly nine tenths of the others"),
            pytest.param([("A", "10"), ("F", "10"), ("T", "17")], None, id="a little less"),
            pytest.param([("A", "10"), ("T", "40")], None, id="one other section alone"),
            pytest.param([("A", "10"), ("F", "10")], None, id="no such section"),
            pytest.param([("A", "0"), ("F", "0"), ("T", "0")], 4, id="nothing at all"),
        ],
    )
    def test_about_as_much_as_all_others(self, form: Form, rows, line: int | None) -> None:
        told, _ = said(form, "T08", ACTIVITIES, [(code, "30-34", "M", count) for code, count in rows])
        assert told == ([("export_total_as_code", line, {"dimension": "activity"})] if line is not None else [])

    def test_the_first_of_its_lines_is_told(self, form: Form) -> None:
        rows = [("A", "30-34", "M", "1"), ("T", "30-34", "M", "2"), ("F", "30-34", "M", "1"), ("T", "30-34", "F", "2")]
        assert [line for _, line, _ in said(form, "T08", ACTIVITIES, rows)[0]] == [3]


@pytest.mark.parametrize(
    ("rows", "left_out"),
    [
        pytest.param([("TR", "issued", "1"), ("TR", "renewed", "1")], [], id="every decision"),
        pytest.param([("TR", "issued", "1")], ["Renewed"], id="one decision is on no line"),
        pytest.param([("TR", "issued", "1"), ("TR", "renewed", "0")], [], id="a line with zero is a line"),
        pytest.param([("TR", "issued", "0")], [], id="an export that counts nobody"),
        pytest.param(
            [("TR", "issued", "..."), ("RU", "issued", "5")], ["Renewed"], id="a gap counts nobody, the other does"
        ),
        pytest.param([("TR", "issued", "4"), ("Cəmi", "renewed", "0")], ["Renewed"], id="a total is no line of detail"),
    ],
)
def test_a_code_of_a_short_list_that_no_line_mentions(form: Form, rows, left_out: list[str]) -> None:
    told, _ = said(form, "T07", ("country", "decision", "persons"), rows, quiet=())
    labels = [facts["label"].en for message, _, facts in told if message == "code_left_out"]
    assert [label.lower().startswith(name.lower()[:6]) for label, name in zip(labels, left_out, strict=True)] == [
        True
    ] * len(left_out)


def test_long_lists_are_not_expected_to_be_whole(form: Form) -> None:
    """Age groups are twelve: that one is on no line says nothing; a sex is one of two."""
    told, _ = said(form, "T08", ACTIVITIES, [("F", "30-34", "M", "5"), ("F", "30-34", "F", "5")], quiet=())
    assert told == []
