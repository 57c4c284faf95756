"""What a screen reader says of the PDF, every kind of table, list and picture, and that faults are heard."""

import io
import re
from collections.abc import Callable
from dataclasses import replace

import page
import pikepdf
import pytest

from form1.core.errors import DefinitionError, MachineError
from form1.definition import Form
from form1.model.forms import Edition
from form1.render import pdf
from form1.render.page import engine
from tests.render import spoken
from tests.render.drawing import filled

HEAD = "<html lang=en><head><title>A page</title><style>@font-face{font-family:Form;src:url(form1:/fonts/regular)}"
HEAD += "body{font:9pt Form}@page{font:8pt Form;@bottom-left{content:'page' counter(page)}}</style></head><body>"


@pytest.fixture(scope="module")
def submission(form: Form) -> Edition:
    return filled(form, tables=["T02", "T04", "T08", "T10"], language="ru", countries=60)


@pytest.fixture(scope="module")
def drawn(submission: Edition) -> bytes:
    files = {"cells.csv": b"table,row\n", "findings.json": b"[]\n", "report.html": b"<p>"}
    return pdf.draw(submission, files)


def drawn_page(body: str) -> spoken.Reader:
    """A page of markup, finished, that both standards accept."""
    file = engine.write(f"{HEAD}<h1>A page</h1>{body}</body></html>")
    for profile in spoken.PROFILES:
        assert not [(f.rule_id, f.message) for f in page.validate_pdf_bytes(file, profile=profile).failures]
    return spoken.Reader(file)


def kinds(reader: spoken.Reader, element: pikepdf.Object) -> list[str]:
    """The kinds of the elements directly below another."""
    return [str(kid.S) for kid in element.K if isinstance(kid, pikepdf.Dictionary) and "/S" in kid]


def test_every_cell_announces_what_the_definition_says(submission: Edition, drawn: bytes) -> None:
    heard = spoken.listen(drawn, submission)
    assert heard.wrong == []
    stubs = {id: 2 if layout.table.rows.show_code else 1 for id, layout in submission.layouts.items()}
    assert heard.tables == len(submission.layouts)
    assert heard.cells == sum(
        len(layout.rows) * (len(layout.columns) + stubs[id]) for id, layout in submission.layouts.items()
    )


@pytest.mark.parametrize("profile", spoken.PROFILES)
def test_both_standards(drawn: bytes, profile: str) -> None:
    assert not [(f.rule_id, f.message) for f in page.validate_pdf_bytes(drawn, profile=profile).failures]


def _swap_heads(document: pikepdf.Pdf, cells: list[pikepdf.Object]) -> None:
    cells[40].A.Headers, cells[41].A.Headers = cells[41].A.Headers, cells[40].A.Headers


def _lose_a_group(document: pikepdf.Pdf, cells: list[pikepdf.Object]) -> None:
    cell = next(cell for cell in cells if len(cell.A.get("/Headers", [])) > 3)
    del cell.A.Headers[0]


def _swap_cells(document: pikepdf.Pdf, cells: list[pikepdf.Object]) -> None:
    row = next(cell.P for cell in cells if len(cell.P.K) > 6 and str(cell.P.K[0].A.get("/Scope")) == "/Row")
    row.K[3], row.K[4] = row.K[4], row.K[3]


def _second_table(document: pikepdf.Pdf, cells: list[pikepdf.Object]) -> None:
    table = cells[40].P.P.P
    table.P.K.append(document.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.Table, P=table.P, K=[])))


@pytest.mark.parametrize("break_it", [_swap_heads, _lose_a_group, _swap_cells, _second_table])
def test_a_fault_is_heard(
    submission: Edition, drawn: bytes, break_it: Callable[[pikepdf.Pdf, list[pikepdf.Object]], None]
) -> None:
    reader = spoken.Reader(drawn)
    break_it(reader.document, [cell for table in reader.elements("/TBody") for cell in reader.elements("/TD", table)])
    broken = io.BytesIO()
    reader.document.save(broken)
    assert spoken.listen(broken.getvalue(), submission).wrong


def test_heads_of_further_pages_and_panels_are_artefacts(submission: Edition, drawn: bytes) -> None:
    reader = spoken.Reader(drawn)
    word = submission.form.word("line_code", "ru")
    artefacts = spoken.squeeze("".join(reader.artefacts))
    assert sum(reader.text(th) == spoken.squeeze(word) for th in reader.elements("/TH")) == len(submission.layouts)
    assert artefacts.count(spoken.squeeze(word)) >= 4
    assert spoken.squeeze(submission.form.word("table_continued", "ru").format(number=8)) in artefacts


def test_every_part_is_one_section_with_a_bookmark(submission: Edition, drawn: bytes) -> None:
    reader = spoken.Reader(drawn)
    sections = [kid for kid in reader.root.K[0].K if str(kid.S) == "/Sect"]
    titles = [reader.text(heading) for section in sections for heading in reader.elements("/H2", section)]
    assert len(sections) == len(titles) + 1  # the cover has the title of the whole
    with reader.document.open_outline() as outline:
        assert len(outline.root[0].children) == len(titles)


def test_the_contents_lead_somewhere_and_say_where(submission: Edition, drawn: bytes) -> None:
    reader = spoken.Reader(drawn)
    entries = list(reader.elements("/TOCI"))
    assert len(entries) == len(submission.layouts) + 5
    for entry in entries:
        (link,) = reader.elements("/Link", entry)
        notes = {str(kid.Obj.Contents) for kid in link.K if isinstance(kid, pikepdf.Dictionary) and "/Obj" in kid}
        assert len(notes) == 1
        assert reader.text(link).startswith(spoken.squeeze(notes.pop()))
        assert "..." not in reader.text(link)


def test_what_travels_inside(submission: Edition, drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as document:
        files = {name: file.get_file() for name, file in document.attachments.items()}
        about = {str(file.UF): file for file in document.Root.AF}
        assert {name: file.read_bytes() for name, file in files.items()} == {
            "cells.csv": b"table,row\n",
            "findings.json": b"[]\n",
        }
        assert {name: file.mime_type for name, file in files.items()} == {
            "cells.csv": "text/csv",
            "findings.json": "application/json",
        }
        assert {name: str(file.AFRelationship) for name, file in about.items()} == {
            "cells.csv": "/Data",
            "findings.json": "/Supplement",
        }
        assert str(about["cells.csv"].Desc) == submission.form.word("attached_cells", "ru")
        assert {str(file.EF.F.Params.ModDate) for file in about.values()} == {"D:20260930000000Z"}


def test_metadata_can_be_read_without_reading_pdf(drawn: bytes) -> None:
    for said in (b'pdfaid:part="3" pdfaid:conformance="A"', b'pdfuaid:part="1"', "Форма".encode()):
        assert drawn.count(said) == 1 or said.startswith("Ф".encode())


@pytest.mark.parametrize("countries", [0, 300], ids=["no countries", "all countries"])
def test_tables_without_and_with_very_many_rows(form: Form, countries: int) -> None:
    submission = filled(form, tables=["T02", "T07"], language="en", countries=countries)
    submission = replace(submission, form=replace(form, notes=()))
    file = pdf.draw(submission)
    assert spoken.listen(file, submission).wrong == []


def test_a_picture_without_words_is_refused() -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>{}</title><path d="M0 0h9v9z"/></svg>'
    reader = drawn_page(f"<figure>{svg.format('A triangle')}</figure>")
    (figure,) = reader.elements("/Figure")
    assert str(figure.Alt) == "A triangle"
    left, bottom, right, top = map(float, figure.A.BBox)
    assert (right - left, top - bottom) == pytest.approx((6.75, 6.75))
    with pytest.raises(DefinitionError, match="picture on page 1 of the PDF has no text alternative"):
        engine.write(f"{HEAD}<h1>A page</h1>{svg.format('')}</body></html>")


def test_a_letter_that_the_fonts_lack_is_named(form: Form) -> None:
    submission = filled(form, tables=["T10"], signatories={"head": "A. Əliyev 漢"})
    with pytest.raises(DefinitionError, match=r"no “漢” \(U\+6F22\), which stands in “A. Əliyev 漢”"):
        pdf.draw(submission)


def test_every_font_is_ours_and_every_letter_is_drawn(drawn: bytes) -> None:
    with pikepdf.open(io.BytesIO(drawn)) as document:
        fonts = [font for each in document.pages for font in each.resources.Font.values()]
        assert {str(font.BaseFont).partition("+")[2].partition("-")[0] for font in fonts} == {"Form"}
    assert spoken.NO_LETTER not in spoken.Reader(drawn).everything()


def test_a_finisher_that_does_not_understand_its_objects_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("form1.render.finish.boxes.tables", lambda tree, document: document.nothing_of_this_name)
    with pytest.raises(MachineError, match=r"cannot be finished .* WeasyPrint here is \d") as caught:
        engine.write(f"{HEAD}<h1>A page</h1></body></html>")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("markup", "said"),
    [
        ("<p><a href='#nowhere'>there</a></p>", "nowhere"),
        ("<img src='form1:/templates/none.png' alt='none'>", "none.png"),
        ("<table data-goes-on='T99'><tr><td>1</td></tr></table>", "T99"),
    ],
    ids=["a link to nowhere", "a picture that is not there", "a panel without its table"],
)
def test_what_would_be_left_out_is_refused(markup: str, said: str) -> None:
    with pytest.raises(DefinitionError, match=said) as caught:
        engine.write(f"{HEAD}<h1>A page</h1>{markup}</body></html>")
    assert "\n" not in str(caught.value)


def test_any_table_comes_out_right() -> None:
    """Heads that span, two heads beside a row, a foot, a caption, more rows than a page has."""
    rows = "".join(f"<tr><th scope=row>r{n}</th><td>{n}</td><td>{n * 2}</td></tr>" for n in range(150))
    reader = drawn_page(
        "<table><caption>About</caption><thead><tr><th rowspan=2>a</th><th colspan=2>b</th></tr>"
        f"<tr><th>c</th><th>d</th></tr></thead><tfoot><tr><td colspan=3>end</td></tr></tfoot><tbody>{rows}</tbody></table>"
        "<table><tr><th scope=row rowspan=2>G</th><th scope=row>x</th><td>1</td></tr>"
        "<tr><th scope=row>y</th><td>2</td></tr></table>"
    )
    first, second = reader.elements("/Table")
    assert kinds(reader, first) == ["/Caption", "/THead", "/TBody", "/TFoot"]
    said = {reader.text(cell): reader.announced(cell) for cell in reader.elements("/TD", second)}
    assert said == {"1": ["G", "x"], "2": ["G", "y"]}
    cells = [cell for body in reader.elements("/TBody", first) for cell in reader.elements("/TD", body)]
    assert [(reader.text(cell), reader.announced(cell)) for cell in cells] == [
        cell for n in range(150) for cell in ((str(n), [f"r{n}", "b", "c"]), (str(n * 2), [f"r{n}", "b", "d"]))
    ]


def test_lists_notes_and_paragraphs_over_pages_are_one_element_each() -> None:
    long = "words " * 60
    items = "".join(f"<li id=n{n}>{long}</li>" for n in range(40))
    reader = drawn_page(
        f"<section><p>See<a href='#n3'><sup>3</sup></a>.</p><ol>{items}</ol><p>{long * 40}</p>"
        "<ul><li>dot</li></ul><dl><dt>Term</dt><dd>Meaning</dd></dl></section>"
    )
    (section,) = reader.elements("/Sect")
    numbered, dotted, terms = reader.elements("/L")
    assert kinds(reader, section) == ["/P", "/L", "/P", "/L", "/L"]
    assert [kind for item in numbered.K for kind in kinds(reader, item)] == ["/Lbl", "/LBody"] * 40
    assert [str(each.A.ListNumbering) for each in (numbered, dotted)] == ["/Decimal", "/Disc"]
    assert "/A" not in terms
    assert not re.search(r"page\d", reader.text(reader.root.K[0]))
