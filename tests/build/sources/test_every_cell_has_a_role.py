"""Whatever stands around a table is taken for what it is, or told: no number is read that a person would not read."""

import dataclasses

import pytest

from form1.build.contract import check
from form1.build.sources.grid import Grid
from form1.build.sources.header import Vocabulary
from form1.build.sources.layout import Laying
from form1.build.sources.roles import CellRole
from form1.core.findings import Severity
from form1.definition import Form
from form1.model.forms import InputFile
from tests.build.sources.conftest import PERIOD, Folder
from tests.making import SAMPLE

GROUND = {("45.1.1", "M"): 6082, ("45.1.1", "F"): 6651, ("45.1.8", "M"): 3669, ("45.1.8", "F"): 261}
"""Of sample_data/exports/2026-Q3, the table of two grounds."""
BODY = "45.1.1;Kişi;6082\n45.1.1;Qadın;6651\n45.1.8;Kişi;3669\n45.1.8;Qadın;261\n"
LONG = f"Əsas;Cins;Say\n{BODY}"
WIDE = "Əsas;Kişi;Qadın;Cəmi\n45.1.1;6082;6651;12733\n45.1.8;3669;261;3930\n"


def grid(text: str, *, merges: tuple[tuple[int, int, int, int], ...] = (), sheet: str = "") -> Grid:
    """A grid of lines of text with semicolons; blank lines are counted and left out, as readers do."""
    rows = [(line, tuple(row.split(";"))) for line, row in enumerate(text.splitlines(), start=1) if row.strip(" ;")]
    lines = tuple(line for line, _ in rows)
    return Grid(tuple(row for _, row in rows), lines, sheet, lettered=bool(merges or sheet), merges=merges)


def read(form: Form, table: str, content: Grid):
    """Counts by codes, and what is found, of one grid."""
    vocabulary = Vocabulary(form, form.tables[table], PERIOD.last_day)
    laying = Laying(content, vocabulary, InputFile("2026-Q3/export.csv", 1, "0" * 64), PERIOD)
    export = laying.export()
    findings, counts = list(laying.findings), {}
    if export is not None:
        checked, faults = check(form, form.tables[table], PERIOD, export)
        findings += faults
        if checked is not None:
            keys = form.tables[table].dimensions
            counts = {tuple(line[key] for key in keys): line["persons"] for line in checked.frame.iter_rows(named=True)}
    if any(finding.severity is Severity.ERROR for finding in findings):
        counts = {}
    return counts, [finding for finding in findings if finding.message != "code_left_out"], laying.account


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(grid(f"1 №-li forma\n2026-cı il, III rüb\nÖlçü vahidi: nəfər\n\n{LONG}"), id="title, period, unit"),
        pytest.param(grid(f"Müvəqqəti yaşamaq icazəsi;;\n{LONG}"), id="title right above"),
        pytest.param(grid(f"Müvəqqəti yaşamaq icazəsi;;;\n{WIDE}"), id="title right above a wide head"),
        pytest.param(grid("Əsas;Şəxslərin sayı;;\n;Cəmi;Kişi;Qadın\n45.1.1;12733;6082;6651\n45.1.8;3930;3669;261\n"),
                     id="two rows, blank"),
        pytest.param(grid("Başlıq;;;\nƏsas;Şəxslərin sayı;;\n;Cəmi;o cümlədən;\n;;Kişi;Qadın\n45.1.1;12733;6082;6651\n"
                          "45.1.8;3930;3669;261\n"), id="three rows, blank"),
        pytest.param(grid("Forma\n2026-cı il, III rüb\nÖlçü vahidi: nəfər\nƏsas;Şəxslərin sayı;;\n;Cəmi;Kişi;Qadın\n"
                          "45.1.1;12733;6082;6651\n45.1.8;3930;3669;261\n"), id="three titles right above two rows"),
        pytest.param(grid("Əsas;Şəxslərin sayı;;\n;Cəmi;Kişi;Qadın\n45.1.1;12733;6082;6651\n45.1.8;3930;3669;261\n",
                          merges=((1, 1, 1, 3), (1, 0, 2, 0))), id="two rows, merged"),
        pytest.param(grid(";Say;;\nCins;Kişi;Qadın;Cəmi\nƏsas;;;\n45.1.1;6082;6651;12733\n45.1.8;3669;261;3930\n"
                          "Cəmi;9751;6912;16663\n", merges=((1, 1, 1, 3),)), id="pivot of pandas"),
        pytest.param(grid("Əsas / Ground;Kişi / Men;Qadın / Women;Cəmi / Total\n" + WIDE.partition("\n")[2]),
                     id="bilingual head"),
        pytest.param(grid("Cəmi;Kişi;Qadın\n16663;9751;6912\n\nƏsas;Kişi;Qadın\n45.1.1;6082;6651\n45.1.8;3669;261\n"),
                     id="totals above"),
        pytest.param(grid(f"{LONG}\nQeyd: məlumat 05.10.2026 tarixinə çıxarılıb\n* ilkin məlumat\n"), id="notes"),
        pytest.param(grid(f"{LONG}Qeyd: ilkin\n"), id="a note right below"),
        pytest.param(grid(f"{LONG}\nRəis;;A. Quliyev\n"), id="signature in several cells"),
        pytest.param(grid(f"{LONG}\x1a\n"), id="end mark"),
        pytest.param(grid(LONG.replace("45.1.8;Kişi", "Səhifə 1 / 2\n45.1.8;Kişi")), id="page footer"),
        pytest.param(grid(LONG.replace("45.1.8;Kişi", "Стр. 1 из 2\n45.1.8;Kişi")), id="page footer with its word for of"),
        pytest.param(grid(LONG.replace("45.1.8;Kişi", "Səhifə 1\nƏsas;Cins;Say\n45.1.8;Kişi")), id="repeated head"),
        pytest.param(grid("Əsas;Kişi;Qadın\nCəmi;9751;6912\n45.1.1;6082;6651\n45.1.8;3669;261\nYekun;9751;6912\n"),
                     id="total twice"),
        pytest.param(grid("Əsas;Kişi;Qadın;Cəmi;Yekun\n45.1.1;6082;6651;12733;12733\n45.1.8;3669;261;3930;3930\n"),
                     id="column of totals twice"),
        pytest.param(grid("Əsas;Cins;Say\nA;B;1\n" + BODY), id="column numbers"),
        pytest.param(grid("Əsas;Cins;Say\n1;2;3\n" + BODY), id="column numbers from 1"),
        pytest.param(grid(";Əsas;Cins;Say\n" + "".join(f";{row}\n" for row in BODY.splitlines())), id="blank first column"),
        pytest.param(grid("№;Əsas;Cins;Say\n" + "".join(f"{n};{row}\n" for n, row in enumerate(BODY.splitlines(), 1))),
                     id="running numbers"),
        pytest.param(grid(";Əsas;Cins;Say\n" + "".join(f"{n};{row}\n" for n, row in enumerate(BODY.splitlines()))),
                     id="index without a name"),
        pytest.param(grid("Əsas;Cins;Say\n45.1.1;Kişi;6082\n;Qadın;6651\n45.1.8;Kişi;3669\n;Qadın;261\n"),
                     id="labels once, one pattern"),
        pytest.param(grid("Əsas;Cins;Say\n45.1.1;Kişi;6082\n;Qadın;6651\n45.1.8;Kişi;3669\n;Qadın;261\n",
                          merges=((2, 0, 3, 0), (4, 0, 5, 0))), id="merged labels"),
        pytest.param(grid("Əsas;Cins;III rüb 2026\n" + BODY), id="counts under their period"),
        pytest.param(grid("Dövr;Əsas;Cins;Say\n" + "".join(f"3-cü rüb 2026;{row}\n" for row in BODY.splitlines())),
                     id="a period in other words"),
        pytest.param(grid("İl;Rüb;Əsas;Cins;Say\n" + BODY.replace("45", "2026;3;45")), id="year and quarter apart"),
        pytest.param(grid(LONG.replace("6082", "6 082").replace("6651", "6\u00a0651")), id="groups of three"),
    ],
)  # fmt: skip
def test_what_any_person_reads_alike_is_read(form: Form, content: Grid) -> None:
    counts, findings, account = read(form, "T03", content)
    assert [f.message for f in findings if f.severity is not Severity.INFORMATION] == []
    assert counts == GROUND
    assert account.is_complete
    assert sum(account.cells.values()) == sum(1 for row in content.rows for text in row if text.strip())


@pytest.mark.parametrize(
    ("table", "content", "message"),
    [
        pytest.param("T10", "Cins;Say\nKişi;14631\nQadın;6633\n\nÖtən ilin müvafiq dövrü\nTələb olunmama əsası;Cins;Say\n"
                     "64.0.1;Kişi;13900\n64.0.1;Qadın;6100\n", "two_tables", id="last year below"),
        pytest.param("T03", f"{LONG}\n{LONG}", "two_tables", id="the same head and labels again"),
        pytest.param("T03", f"{LONG}\n{BODY}", "two_tables", id="a second block without a head"),
        pytest.param("T10", "Dövr;Cins;Say\nIII rüb 2025;Kişi;14631\nIII rüb 2025;Qadın;6633\n", "other_period",
                     id="another year in the column"),
        pytest.param("T03", f"2025-ci ilin yanvar-sentyabr ayları\n{LONG}", "other_period", id="another year in the title"),
        pytest.param("T03", f"на 30.06.2026\n{LONG}", "other_period", id="another quarter in the title"),
        pytest.param("T03", "Əsas;Cins;II rüb 2026\n" + BODY, "other_period", id="another quarter in the head"),
        pytest.param("T03", f"Ölçü vahidi: min nəfər\n{LONG}", "unit_not_persons", id="thousands in the title"),
        pytest.param("T03", "Əsas;Cins;тыс. чел.\n" + BODY, "unit_not_persons", id="thousands in the head"),
        pytest.param("T03", "Əsas;Cins;Say;Ölçü vahidi\n" + BODY.replace("\n", ";thousand persons\n"),
                     "unit_not_persons", id="thousands in a column"),
        pytest.param("T10", "Number;Sex;Persons exempt\n1;Men;14631\n2;Women;6633\n", "two_columns_of_counts",
                     id="running numbers under a head of counts"),
        pytest.param("T10", "Cins;Say;İlin əvvəlindən\nKişi;10031;14631\nQadın;4633;6633\n", "two_columns_of_counts",
                     id="two columns of counts"),
        pytest.param("T03", "Əsas;Cins;Say\n" + "".join(f"{row.rpartition(';')[0]};{n}\n" for n, row in
                     enumerate([*BODY.splitlines(), "45.1.9;Kişi;0"], 1)), "counts_run", id="only running numbers"),
        pytest.param("T07", "Daimi yaşadığı ölkə,Qərar,Say,\nTürkiyə,Verilmiş,1,724,\n".replace(",", ";"), "row_ragged",
                     id="thousands in a field of their own"),
        pytest.param("T03", f"{LONG}Naməlum sətir\n45.1.9;Kişi;4\n", "line_without_role", id="a text between the lines"),
        pytest.param("T03", f"17\n{LONG}", "cell_without_role", id="a number above"),
        pytest.param("T03", f"Cəmi;16664\n\n{LONG}", "export_total_differs", id="a total above that differs"),
        pytest.param("T03", "Kod;Əsas;Kişi;Qadın\n45.1.8;45.1.9;1;2\n", "labels_disagree", id="code and name disagree"),
        pytest.param("T03", "Əsas / Cins;Kişi;Qadın\n45.1.8;1;2\n", "header_missing", id="halves of a head disagree"),
        pytest.param("T03", "Əsas;Cins;Say\n45.1.1;Kişi;6082\n;Qadın;6651\n45.1.8;Kişi;3669\n", "label_empty",
                     id="blanks without a pattern"),
        pytest.param("T03", "Əsas;2024;;2025;\n;Kişi;Qadın;Kişi;Qadın\n45.1.8;1;2;3;4\n", "header_missing",
                     id="two years side by side"),
        pytest.param("T03", "Əsas;Ötən il;;Bu il;\n;Kişi;Qadın;Kişi;Qadın\n45.1.8;1;2;3;4\n", "header_missing",
                     id="two blocks side by side"),
        pytest.param("T10", "№;Cins;Nəfər\n14631;Kişi;1\n6633;Qadın;2\n", "two_columns_of_counts",
                     id="counts and numbers of lines exchanged"),
        pytest.param("T03", "Rüb;Əsas;Cins;Say\n" + BODY.replace("45", "II;45"), "other_period", id="a quarter alone"),
        pytest.param("T03", "İl;Rüb;Əsas;Cins;Say\n" + BODY.replace("45", "2025;3;45"), "other_period",
                     id="another year beside the quarter"),
        pytest.param("T03", "Əsas;Kişi;Qadın\nCəmi;9751;6912\n45.1.1;6082;6651\n45.1.8;3669;261\nYekun;9750;6912\n",
                     "key_twice", id="two totals that differ"),
    ],
)  # fmt: skip
def test_what_could_be_read_wrongly_is_refused(form: Form, table: str, content: str, message: str) -> None:
    counts, findings, _ = read(form, table, grid(content))
    assert message in [finding.message for finding in findings]
    assert counts == {}


def test_two_tables_name_both_heads(form: Form) -> None:
    _, findings, account = read(form, "T03", grid(f"{LONG}\n{LONG}"))
    (found,) = [finding for finding in findings if finding.message == "two_tables"]
    assert (found.facts["first"], found.facts["second"]) == ("1", "7")
    assert account.cells[CellRole.NONE] == 15


def test_a_period_that_nobody_understands_is_a_warning(form: Form) -> None:
    counts, findings, _ = read(form, "T03", grid("Dövr;Əsas;Cins;Say\n" + BODY.replace("45", "hazırkı;45")))
    assert [(f.message, f.severity, f.facts["number"]) for f in findings] == [
        ("period_unclear", Severity.WARNING, 4),
    ]  # fmt: skip
    assert counts == GROUND


@pytest.mark.parametrize(
    ("note", "unit"),
    [
        ("Ölçü vahidi: min nəfər", "min"),
        ("Qeyd: min nəfərlə", "min"),
        ("Примечание: в тысячах", "тысячах"),
        ("* thousands of persons", "thousands"),
        ("Unit: 1000 persons", "1000 persons"),
        ("Qeyd: artım 5 faiz", ""),
        ("Qeyd: 1 min nəfərdən çox olan ölkələr ayrıca göstərilir", ""),
    ],
)
def test_the_unit_in_a_note_below_the_table(form: Form, note: str, unit: str) -> None:
    _, findings, _ = read(form, "T03", grid(f"{LONG}\n{note}\n"))
    assert [finding.facts["unit"] for finding in findings if finding.message == "unit_not_persons"] == [unit] * bool(
        unit
    )


def test_a_head_in_a_second_language_below_it(form: Form) -> None:
    body = "Maddə 45.0.1;7;2\n"
    counts, findings, _ = read(form, "T03", grid(f"Əsas;Kişi;Qadın\nОснование;Мужчины;Женщины\n{body}"))
    assert not [finding for finding in findings if finding.message == "two_tables"]
    assert sorted(counts.values()) == [2, 7]
    _, findings, _ = read(form, "T03", grid(f"Əsas;Kişi;Qadın\nОснование;Женщины;Мужчины\n{body}"))
    assert "two_tables" in [finding.message for finding in findings]


def test_a_month_in_the_title_is_a_warning(form: Form) -> None:
    counts, findings, _ = read(form, "T03", grid(f"sentyabr 2026\n{LONG}"))
    assert [(f.message, f.severity) for f in findings] == [("period_unclear", Severity.WARNING)]
    assert counts == GROUND


def test_a_month_that_is_not_of_the_period_is_an_error(form: Form) -> None:
    _, findings, _ = read(form, "T03", grid(f"avqust 2026\n{LONG}"))
    assert [(f.message, f.severity) for f in findings] == [("other_period", Severity.ERROR)]


def test_a_label_that_nobody_knows_is_told_once(form: Form) -> None:
    _, findings, _ = read(form, "T03", grid(LONG.replace("Kişi", "Dişi")))
    assert [(f.message, f.place.line) for f in findings if "label" in f.message] == [(findings[0].message, 2)]


def test_a_code_beside_a_name_that_nobody_knows(form: Form) -> None:
    counts, findings, _ = read(form, "T03", grid("Maddə;Əsas;Cins;Say\n" + BODY.replace("45", "x;45")))
    assert [f.message for f in findings] == ["names_beside_codes_unknown"]
    assert counts == GROUND


def test_empty_cells_are_told_once(form: Form) -> None:
    content = grid("Əsas;Kişi;Qadın\n45.1.1;;\n45.1.8;;261\n45.1.9;1;2\n", sheet="S")
    _, findings, _ = read(form, "T03", content)
    (found,) = findings
    assert (found.message, found.facts["number"], found.facts["cells"]) == ("counts_empty", 3, ("B2:B3", "C2"))


@pytest.mark.parametrize(
    ("head", "body"),
    [("Fəaliyyət növü;18–19;;20–24;\n;Kişi;Qadın;Kişi;Qadın", "A;1;2;3;4\nTikinti;12;13;14;15")],
    ids=["a section A that numbers columns"],
)
def test_column_numbers_are_no_section(form: Form, head: str, body: str) -> None:
    _, findings, account = read(form, "T08", grid(f"{head}\n{body}\n"))
    assert account.cells[CellRole.COLUMN_NUMBER] == 5
    assert account.lines == 1
    assert "column_numbers_read" in [finding.message for finding in findings]


def test_a_group_that_differs_names_its_members(form: Form) -> None:
    rows = "Rusiya;Verilmiş;40\nQazaxıstan;Verilmiş;7\nGürcüstan;Verilmiş;5\nTürkiyə;Verilmiş;90\n"
    _, findings, _ = read(form, "T07", grid(f"Ölkə;Qərar;Say\nMDB ölkələri;Verilmiş;52\n{rows}"))
    (found,) = [f for f in findings if f.severity is Severity.ERROR]
    assert (found.message, found.facts["members"]) == ("export_group_differs", ("Gürcüstan (5)",))


def test_the_printed_table_is_an_export(form: Form) -> None:
    """As the published workbook has it: marks of notes, codes of rows, blocks of foreigners and of stateless persons."""
    content = grid(
        "1 №-li forma (Miqrasiya), 03102111;;2026-cı ilin yanvar–sentyabr ayları, ilin əvvəlindən artan yekunla [2]\n"
        "Cədvəl 2. Müvəqqəti yaşamaq üçün icazə almış əcnəbilər [7]\nÖlçü vahidi: nəfər [3]\n"
        "Vətəndaşlığı olduğu ölkə [4];Kod;Sətrin kodu;Cəmi;o cümlədən;\n;;;;Kişi;Qadın\nA;B;C;1;2;3\n"
        "Cəmi;;001;24;14;10\nƏcnəbilər;FOREIGN;002;18;11;7\nMDB ölkələri;CIS;003;8;5;3\nQazaxıstan;KZ;004;8;5;3\n"
        "Digər ölkələr;OTHER;005;10;6;4\nTürkiyə;TR;006;10;6;4\nVətəndaşlığı olmayan şəxslər [6];XXA;007;6;3;3\n"
        "Türkiyə;XXA.TR;008;6;3;3\n\n[2] İlin əvvəlindən artan yekun\n[7] Müvəqqəti yaşamaq üçün icazə\n",
        merges=((4, 0, 5, 0), (4, 1, 5, 1), (4, 2, 5, 2), (4, 3, 5, 3), (4, 4, 4, 5)),
    )
    counts, findings, account = read(form, "T02", content)
    assert [f.message for f in findings if f.severity is not Severity.INFORMATION] == []
    assert counts == {
        ("foreigner", "KZ", "M"): 5, ("foreigner", "KZ", "F"): 3, ("foreigner", "TR", "M"): 6,
        ("foreigner", "TR", "F"): 4, ("stateless", "TR", "M"): 3, ("stateless", "TR", "F"): 3,
    }  # fmt: skip
    assert account.cells[CellRole.NOTE] == 2


def test_blank_means_zero_where_the_office_says_so(folder: Folder) -> None:
    source = folder.form.source_of("T03").model_copy(update={"blank_means_zero": True})
    others = tuple(source if known.table == "T03" else known for known in folder.form.sources.source)
    form = dataclasses.replace(folder.form, sources=folder.form.sources.model_copy(update={"source": others}))
    counts, findings, _ = read(form, "T03", grid("Əsas;Kişi;Qadın\n45.1.1;6082;\n"))
    assert counts == {("45.1.1", "M"): 6082, ("45.1.1", "F"): 0}
    assert [(f.message, f.facts.get("number")) for f in findings] == [("blanks_are_zero", 1)]


def test_the_published_workbook_is_ten_exports(folder: Folder) -> None:
    """Its sheets hold the counts of sample_data/exports/2026-Q3, whose sums these are."""
    folder.put("form.xlsx", (SAMPLE.parent / "received" / "good.xlsx").read_bytes())
    exports, findings, _ = folder.read()
    assert [finding.message for finding in findings if finding.severity is Severity.ERROR] == []
    sums = {}
    for table, export in exports.items():
        checked, _ = check(folder.form, folder.form.tables[table], PERIOD, export)
        sums[table] = checked.frame["persons"].sum() if checked else None
    assert sums == {
        "T01": 544_851, "T02": 34_379, "T03": 34_379, "T04": 34_379, "T05": 1_956,
        "T06": 1_956, "T07": 7_218, "T08": 5_529, "T09": 5_529, "T10": 21_264,
    }  # fmt: skip
