"""Relationships, content types and functions by what they do: what reaches outside, acts, or shows other numbers."""

from collections.abc import Callable

import pytest

from form1.xlsx.read.gate import look_at
from form1.xlsx.read.package import read_book
from form1.xlsx.read.refusal import Refused
from tests.xlsx.read.packages import Parts, cell, changed, understood

RELATIONS = "xl/_rels/workbook.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def related(part: str, kind: str, target: str, id: str = "rIdX", external: bool = False) -> Callable[[Parts], None]:
    """A further relationship of a part, in a list of its own where it has none yet."""
    folder, _, name = part.rpartition("/")
    listed = f"{folder}/_rels/{name}.rels"
    mode = ' TargetMode="External"' if external else ""
    entry = f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'

    def change(parts: Parts) -> None:
        before = parts.get(listed, f'<Relationships xmlns="{PACKAGE}"></Relationships>'.encode()).decode()
        parts[listed] = before.replace("</Relationships>", f"{entry}</Relationships>").encode()

    return change


def refusal(change: Callable[[Parts], None]) -> tuple[str, dict[str, int | str]]:
    with pytest.raises(Refused) as caught:
        content = changed(change)
        look_at(content)
        read_book(content)
    return caught.value.refusal.message, dict(caught.value.refusal.facts)


def test_a_relationship_that_is_there_twice() -> None:
    def change(parts: Parts) -> None:
        text = parts[RELATIONS].decode()
        first = text[text.index("<Relationship ") : text.index("/>") + 2]
        parts[RELATIONS] = text.replace("</Relationships>", f"{first}</Relationships>").encode()

    assert refusal(change) == ("received_relation_twice", {"part": RELATIONS})


@pytest.mark.parametrize("place", ["xl/externalLinks/externalLink1.xml", "xl/links/quotes.xml", "data/q.xml"])
@pytest.mark.parametrize("tag", ["ddeLink", "oleLink"])
def test_a_live_link_wherever_its_part_lies(place: str, tag: str) -> None:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

    def change(parts: Parts) -> None:
        parts[place] = f'<externalLink xmlns="{main}"><{tag} ddeService="x" ddeTopic="y"/></externalLink>'.encode()
        related("xl/workbook.xml", "externalLink", f"/{place}")(parts)

    assert refusal(change)[0] == "received_live_link"


@pytest.mark.parametrize("kind", ["image", "attachedTemplate", "oleLinkX", "externalLink"])
def test_what_is_fetched_unasked_is_refused(kind: str) -> None:
    change = related("xl/worksheets/sheet2.xml", kind, r"file:///\\198.51.100.1\x.png", external=True)
    assert refusal(change) == ("received_fetches", {"found": r"file:///\\198.51.100.1\x.png"})


@pytest.mark.parametrize(
    ("target", "told"),
    [
        pytest.param("https://www.stat.gov.az/", (), id="an address of the web"),
        pytest.param("HTTP://www.stat.gov.az/", (), id="in capitals"),
        pytest.param("mailto:office@example.org", (), id="an address of mail"),
        pytest.param(r"\\server\share\old.xlsx", (r"\\server\share\old.xlsx",), id="a share"),
        pytest.param("file:///C:/x.xlsx", ("file:///C:/x.xlsx",), id="a file"),
        pytest.param("old.xlsx", ("old.xlsx",), id="a workbook beside it"),
    ],
)
def test_links_that_a_person_follows(target: str, told: tuple[str, ...]) -> None:
    assert look_at(changed(related("xl/worksheets/sheet2.xml", "hyperlink", target, external=True))) == told


def test_a_link_to_another_workbook_is_told_with_its_target() -> None:
    from form1.recognise.workbook import understand
    from form1.xlsx.read.gate import Admitted
    from tests.xlsx.read.packages import the_form

    content = changed(related("xl/worksheets/sheet2.xml", "hyperlink", "old.xlsx", external=True))
    read = understand(the_form(), read_book(content), Admitted("x.xlsx", content, "0" * 64, 1, look_at(content)))
    (found,) = [finding for finding in read.findings if finding.message == "received_outside"]
    assert (str(found.severity), found.facts) == ("warning", {"count": 1, "found": "old.xlsx"})
    assert not [
        finding for finding in understood(changed(lambda parts: None)).findings if finding.message == "received_outside"
    ]


@pytest.mark.parametrize("declared", ["Default", "Override"])
@pytest.mark.parametrize("there", [False, True])
def test_a_content_type_counts_where_a_part_has_it(declared: str, there: bool) -> None:
    """SheetJS declares the ending bin for binary workbooks, and writes no such part."""
    kind = "application/vnd.ms-excel.sheet.binary.macroEnabled.main"
    entry = {
        "Default": f'<Default Extension="bin" ContentType="{kind}"/>',
        "Override": f'<Override PartName="/xl/workbook.bin" ContentType="{kind}"/>',
    }[declared]

    def change(parts: Parts) -> None:
        text = parts["[Content_Types].xml"].decode()
        at = text.index(">", text.index("<Types")) + 1
        parts["[Content_Types].xml"] = (text[:at] + entry + text[at:]).encode()
        if there:
            parts["xl/workbook.bin"] = b"\\0"

    if declared == "Default" and not there:
        assert look_at(changed(change)) == ()
    else:
        assert refusal(change) == ("received_format", {"format": ".xlsb"})


@pytest.mark.parametrize(
    ("formula", "function"),
    [
        ('_xlfn.WEBSERVICE("http://example.org")', "WEBSERVICE"),
        ('RTD("x",,"y")', "RTD"),
        ('CALL("kernel32","Beep","JJJ",1,1)', "CALL"),
        ('REGISTER.ID("a","b")', "REGISTER.ID"),
        ('CUBEVALUE("x","y")', "CUBEVALUE"),
    ],
)
def test_functions_that_fetch_or_call(formula: str, function: str) -> None:
    escaped = formula.replace('"', "&quot;")
    found = refusal(cell("D7", f"><f>{escaped}</f><v>5</v>"))
    assert found == ("received_function", {"function": function, "sheet": "3", "cell": "D7"})


@pytest.mark.parametrize("formula", ["SUM(E7:F7)", "&quot;CALL(me)&quot;&amp;E7", "E7+F7"])
def test_ordinary_functions_pass(formula: str) -> None:
    content = changed(cell("D7", f"><f>{formula}</f><v>5</v>"))
    look_at(content)
    assert read_book(content).sheets
