"""Hostile files whose package is sound: what they hold wanders, bursts, lies or asks for more than a form."""

from collections.abc import Callable, Iterator

from tests.xlsx.read.hostile_packages import MAIN, MIB, OFFICE, Hostile
from tests.xlsx.read.packages import SHEET, cell, changed, good, in_part, pack, parts_of, with_parts

T03 = SHEET["T03"]
TYPES = "[Content_Types].xml"
WORKBOOK, WORKBOOK_RELS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"


def contents() -> Iterator[Hostile]:
    def link(kind: str) -> bytes:
        return f'<externalLink xmlns="{MAIN}"><{kind} ddeService="cmd" ddeTopic="/c calc"/></externalLink>'.encode()

    def relation(kind: str, target: str) -> Callable[[], bytes]:
        return lambda: changed(
            in_part(
                WORKBOOK_RELS,
                "</Relationships>",
                f'<Relationship Id="x" Type="{OFFICE}/{kind}" Target="{target}"/></Relationships>',
            )
        )

    yield Hostile("macros in .xlsx", lambda: with_parts({"xl/vbaProject.bin": b"\0"}), "received_macros")
    yield Hostile("macro sheet", lambda: with_parts({"xl/macrosheets/sheet1.xml": b"<a/>"}), "received_macros")
    yield Hostile("relation to a macro sheet", relation("xlMacrosheet", "m.xml"), "received_macros")
    yield Hostile("OLE object", lambda: with_parts({"xl/embeddings/oleObject1.bin": b"\0"}), "received_embedded")
    yield Hostile("relation to an OLE object", relation("oleObject", "x.bin"), "received_embedded")
    yield Hostile("ActiveX", lambda: with_parts({"xl/activeX/activeX1.xml": b"<a/>"}), "received_embedded")
    yield Hostile(
        "DDE link", lambda: with_parts({"xl/externalLinks/externalLink1.xml": link("ddeLink")}), "received_live_link"
    )
    yield Hostile(
        "OLE link", lambda: with_parts({"xl/externalLinks/externalLink1.xml": link("oleLink")}), "received_live_link"
    )
    yield Hostile(
        "DDE in a cell", lambda: changed(cell("D7", "><f>cmd|'/c calc'!A0</f><v>5</v>")), "received_live_link"
    )
    yield Hostile(
        "DDE function", lambda: changed(cell("D7", '><f>DDE("soffice","a","b")</f><v>5</v>')), "received_live_link"
    )
    yield Hostile(
        "DDE in a name",
        lambda: changed(
            in_part(
                WORKBOOK, "</definedNames>", "<definedName name=\"x\">cmd|'/c calc'!A0</definedName></definedNames>"
            )
        ),
        "received_live_link",
    )


def readers() -> Iterator[Hostile]:
    def sheet(data: str) -> Callable[[], bytes]:
        return lambda: with_parts(
            {T03: f'<worksheet xmlns="{MAIN}"><sheetData>{data}</sheetData></worksheet>'.encode()}
        )

    def without(part: str) -> Callable[[], bytes]:
        return lambda: changed(lambda parts: parts.pop(part) and None)

    yield Hostile(
        "filled XFD1048576", sheet('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "received_far_cell"
    )
    yield Hostile("filled row 20,001", sheet('<row r="20001"><c r="A20001"><v>1</v></c></row>'), "received_far_cell")
    yield Hostile("column beyond letters", sheet('<row r="1"><c r="AAAA1"><v>1</v></c></row>'), "received_damaged")
    yield Hostile(
        "same cell twice", sheet('<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>'), "received_cell_twice"
    )
    yield Hostile("cell in another row", sheet('<row r="1"><c r="A2"><v>1</v></c></row>'), "received_damaged")
    yield Hostile("rows backwards", sheet('<row r="2"/><row r="1"/>'), "received_damaged")
    yield Hostile("row of 10^12", sheet('<row r="1000000000000"/>'), "received_damaged")
    yield Hostile("unknown kind of cell", sheet('<row r="1"><c r="A1" t="zip"><v>1</v></c></row>'), "received_damaged")
    yield Hostile(
        "shared text out of range", sheet('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "received_damaged"
    )
    yield Hostile("shared text -1", sheet('<row r="1"><c r="A1" t="s"><v>-1</v></c></row>'), "received_damaged")
    yield Hostile(
        "sheet not closed",
        lambda: with_parts({T03: f'<worksheet xmlns="{MAIN}"><sheetData>'.encode()}),
        "received_damaged",
    )
    yield Hostile(
        "not UTF-8",
        lambda: with_parts({T03: f'<worksheet xmlns="{MAIN}">'.encode() + b"\xff\xfe</worksheet>"}),
        "received_damaged",
    )
    yield Hostile("200 elements inside each other", sheet("<a>" * 200 + "</a>" * 200), "received_damaged")
    yield Hostile("a million elements inside each other", sheet("<a>" * 10**6 + "</a>" * 10**6), "received_damaged")
    yield Hostile(
        "200,001 cells", lambda: with_parts({T03: _many_cells(200_001)}), "received_many_cells", in_child=True
    )
    yield Hostile(
        "3 million cells", lambda: with_parts({T03: _many_cells(3_000_000)}), "received_many_cells", in_child=True
    )
    yield Hostile(
        "no sheets", lambda: changed(in_part(WORKBOOK, "<sheets>.*</sheets>", "<sheets/>")), "received_no_sheets"
    )
    yield Hostile(
        "chart sheets only",
        lambda: changed(in_part(WORKBOOK_RELS, "relationships/worksheet", "relationships/chartsheet", count=0)),
        "received_no_sheets",
    )
    yield Hostile("sheet part missing", without(T03), "received_part_missing")
    yield Hostile("workbook part missing", without(WORKBOOK), "received_part_missing")
    yield Hostile("relationships missing", without(WORKBOOK_RELS), "received_part_missing")
    yield Hostile("first relationships missing", without("_rels/.rels"), "received_part_missing")
    yield Hostile(
        "two sheets, one part",
        lambda: changed(in_part(WORKBOOK_RELS, "worksheets/sheet5.xml", "worksheets/sheet4.xml")),
        "received_part_missing",
    )
    yield Hostile(
        "two sheets, one name", lambda: changed(in_part(WORKBOOK, 'name="4"', 'name="3"')), "received_damaged"
    )


def admitted() -> Iterator[Hostile]:
    def read(name: str, make: Callable[[], bytes], *findings: str, in_child: bool = False) -> Hostile:
        return Hostile(name, make, findings=frozenset(findings), in_child=in_child)

    def number(text: str) -> Callable[[], bytes]:
        return lambda: changed(cell("D7", f"><v>{text}</v>"))

    def text(written: str) -> Callable[[], bytes]:
        return lambda: changed(cell("D7", f' t="str"><v>{written}</v>'))

    def formula(written: str, value: str = "5") -> Callable[[], bytes]:
        return lambda: changed(cell("D7", f"><f>{written}</f><v>{value}</v>"))

    def at_end(xml: str) -> Callable[[], bytes]:
        return lambda: changed(in_part(T03, "</worksheet>", xml + "</worksheet>"))

    yield read("as it was written", good)
    yield read("Strict Open XML", strict)
    yield read("dimension too small", lambda: changed(in_part(T03, '<dimension ref="[^"]*"', '<dimension ref="A1:A1"')))
    yield read(
        "dimension of a million rows",
        lambda: changed(in_part(T03, '<dimension ref="[^"]*"', '<dimension ref="A1:XFD1048576"')),
    )
    yield read(
        "empty cell at XFD1",
        lambda: changed(in_part(T03, '(?<=<row r="1")[^>]*>', '><c r="XFD1" s="1"/>')),
    )
    yield read(
        "100,000 merged cells",
        at_end(
            "<mergeCells>"
            + "".join(f'<mergeCell ref="BA{row}:BB{row}"/>' for row in range(1, 100_001))
            + "</mergeCells>"
        ),
    )
    yield read(
        "1,000 conditional formats",
        at_end(
            '<conditionalFormatting sqref="A1:Z99"><cfRule type="expression" priority="1"><formula>A1=1</formula></cfRule></conditionalFormatting>'
            * 1000
        ),
    )
    yield read(
        "30 MiB of remarks", lambda: changed(in_part(T03, "(?<=<sheetData>)", "<!--" + "x" * (30 * MIB) + "-->"))
    )
    yield read("a text of 20 MiB", lambda: changed(cell("A3", f' t="str"><v>{"x" * (20 * MIB)}</v>')))
    yield read("attribute of 20 MiB", at_end(f'<extLst a="{"x" * (20 * MIB)}"/>'), in_child=True)
    yield read(
        "a million empty cells",
        lambda: changed(in_part(T03, "</sheetData>", '<row r="900">' + "<c/>" * 10**6 + "</row></sheetData>")),
        in_child=True,
    )
    yield Hostile(
        "remote picture",
        lambda: with_parts(
            {
                "xl/worksheets/_rels/sheet4.xml.rels": f'<Relationships><Relationship Id="r1" Type="{OFFICE}/image" Target="http://example.org/a.png" TargetMode="External"/></Relationships>'.encode()
            }
        ),
        refused="received_fetches",
    )
    yield read(
        "link to file://",
        lambda: with_parts(
            {
                "xl/worksheets/_rels/sheet4.xml.rels": f'<Relationships><Relationship Id="r1" Type="{OFFICE}/hyperlink" Target="file:///etc/passwd" TargetMode="External"/></Relationships>'.encode()
            }
        ),
        "received_outside",
    )
    yield read(
        "custom part", lambda: with_parts({"customXml/item1.xml": b"<a/>", "xl/printerSettings/p.bin": b"\1<!DOCTYPE"})
    )
    yield read(
        "connection",
        lambda: changed(
            in_part(
                WORKBOOK_RELS,
                "</Relationships>",
                f'<Relationship Id="x" Type="{OFFICE}/connections" Target="connections.xml"/></Relationships>',
            )
        ),
        "received_connections",
    )
    yield read("link to a workbook", formula("[1]Sheet1!A1"), "received_external_link", "received_tidy_differs")
    yield read(
        "link to a workbook by path",
        formula("'C:\\[secret.xlsx]S'!A1"),
        "received_external_link",
        "received_tidy_differs",
    )
    yield Hostile("formula that asks the web", formula('WEBSERVICE("http://example.org")'), refused="received_function")
    yield read("formula of itself", formula("D7+1"), "received_formula_not_computed", "received_tidy_differs")
    yield read(
        "formula of 8,000 brackets",
        formula("(" * 4000 + "1" + ")" * 4000),
        "received_formula_not_computed",
        "received_tidy_differs",
    )
    yield read("sum of everything", formula("SUM(Z1:XFD1048576)", "0"), "received_tidy_differs")
    yield read("formula without a value", formula("E7+F7", ""), "received_formula_without_value")
    yield read("1e999", number("1e999"), "received_number_unreadable")
    yield read("inf", number("inf"), "received_number_unreadable")
    yield read("nan", number("NaN"), "received_number_unreadable")
    yield read("40,000 digits", number("9" * 40_000), "received_number_unreadable")
    yield read("10^30", number("1E+30"), "received_number_unreadable")
    yield read("1_000", number("1_000"), "received_number_unreadable")
    yield read("0x10", number("0x10"), "received_number_unreadable")
    yield read("Arabic digits", text("١٢"), "received_not_a_count")
    yield read("text 1e3", text("1e3"), "received_not_a_count")
    yield read("text =1+1", text("=1+1"), "received_not_a_count")
    yield read(
        "text of a script",
        text("&lt;script&gt;alert(1)&lt;/script&gt;"),
        "received_not_a_count",
    )
    yield read(
        "control characters in a label",
        lambda: changed(cell("A8", ' t="str"><v>_x001B_[31m_x0000_</v>')),
        "received_label_differs",
    )
    yield read(
        "direction turned in a label",
        lambda: changed(cell("A8", ' t="str"><v>\u202eevil</v>')),
        "received_label_differs",
    )
    yield read(
        "half a letter in a label", lambda: changed(cell("A8", ' t="str"><v>_xD800_</v>')), "received_label_differs"
    )
    yield read("sheet named like a formula", lambda: changed(in_part(WORKBOOK, 'name="3"', 'name="=cmd()\u202e"')))


def strict() -> bytes:
    """The good workbook in the namespaces of Strict Open XML."""
    parts = parts_of(good())
    for name, content in parts.items():
        if name.startswith(("xl/", "_rels")) and name.endswith((".xml", ".rels")):
            parts[name] = content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main").replace(
                OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
            )
    return pack(parts)


def _many_cells(count: int) -> bytes:
    rows = (f'<row r="{row}">' + "<c><v>1</v></c>" * 500 + "</row>" for row in range(1, count // 500 + 2))
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'.encode()
