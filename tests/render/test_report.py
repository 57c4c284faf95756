"""report.html: valid, self-contained, complete, and safe to open."""

import base64
import hashlib
import re
from html.parser import HTMLParser

import pytest
from tinyhtml5.parser import HTMLParser as Html5Parser

from form1.core.findings import Finding, Place, Severity
from form1.core.values import show
from form1.definition import Form
from form1.model.forms import Edition
from form1.render import report
from tests.render.drawing import HOSTILE_SHOWN, filled, hostile_finding

VOID = {"meta", "link", "br", "img", "input", "hr", "col"}


class Reader(HTMLParser):
    """Gathers what the tests ask about: text by id, links, tags, and tags that are not closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.text: dict[str, str] = {}
        self.classes: dict[str, str] = {}
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.disorder: list[str] = []
        self.all_text = ""
        self._open: list[tuple[str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        self.attributes |= given.keys()
        if "href" in given:
            self.links.append(given["href"])
        if "id" in given:
            self.ids.append(given["id"])
            self.classes[given["id"]] = given.get("class", "")
        if tag not in VOID:
            self._open.append((tag, given.get("id", "")))

    def handle_endtag(self, tag: str) -> None:
        opened, _ = self._open.pop()
        if opened != tag:
            self.disorder.append(f"{opened} closed by {tag}")

    def handle_data(self, data: str) -> None:
        self.all_text += data
        for _, identifier in self._open:
            if identifier:
                self.text[identifier] = self.text.get(identifier, "") + data


@pytest.fixture(scope="module")
def submission(form: Form) -> Edition:
    outside = Finding("export_without_rows", Severity.WARNING, 0, Place(table="T01", row="nowhere", file="a.csv"))
    return filled(form, findings=(outside, hostile_finding()))


@pytest.fixture(scope="module")
def page(submission: Edition) -> str:
    return report.draw(submission).decode()


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def test_every_cell_is_there(submission: Edition, read: Reader) -> None:
    signs = submission.form.signs()
    shown = {"-".join(address): show(cell.value, cell.status, signs) for address, cell in submission.cells.items()}
    assert {anchor: read.text[anchor] for anchor in shown} == shown


def test_the_page_is_well_formed(page: str, read: Reader) -> None:
    parser = Html5Parser(namespace_html_elements=False)
    parser.parse(page)
    assert parser.errors == []
    assert read.disorder == []
    assert len(read.ids) == len(set(read.ids))


def test_every_link_leads_to_a_place_on_the_page(read: Reader) -> None:
    assert {link for link in read.links if link.removeprefix("#") not in read.ids} == set()


def test_nothing_is_fetched_and_nothing_runs(page: str, read: Reader) -> None:
    assert not read.tags & {"script", "img", "link", "iframe", "object", "embed", "form", "base", "svg"}
    assert not {name for name in read.attributes if name.startswith("on") or name in {"src", "style", "srcset"}}
    style = re.search(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    assert style
    assert "url(" not in style[1] and "@import" not in style[1]
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src &#39;none&#39;; style-src &#39;sha256-{digest}&#39;" in page or (
        f"default-src 'none'; style-src 'sha256-{digest}'" in page
    )


def test_text_from_outside_appears_literally(page: str, read: Reader) -> None:
    assert "\x1b" not in page
    # In the finding's file name and label, in an input, in a rule's obstacle, and in a changed cell's address.
    assert read.all_text.count(HOSTILE_SHOWN) == 5


def test_the_verdict_stands_first_and_the_findings_before_the_tables(submission: Edition, read: Reader) -> None:
    order = ["verdict-title", "findings", "rules", "changes", "inputs", "tables", "T01", "T10"]
    assert sorted(order, key=read.ids.index) == order
    assert read.text["verdict-title"] == f"Nəticə: {submission.form.word('rejected', 'az')}"


def test_findings_and_cells_point_at_each_other(read: Reader) -> None:
    # The error comes first, though the warning was found first.
    assert "1\u00a0207" in read.text["finding-1"]
    assert "#T03-T-M" in read.links and "#finding-1" in read.links
    assert read.classes["T03-T-M"] == "count error"
    # A row that the table does not have: the finding leads to the table.
    assert "#T01" in read.links and "a.csv" in read.text["finding-2"]


def test_without_findings_and_changes(form: Form) -> None:
    read = Reader(report.draw(filled(form, tables=["T10"])).decode())
    assert form.word("no_findings", "az") in read.text["findings"]
    assert "finding-1" not in read.ids


@pytest.mark.parametrize("language", ["az", "en", "ru"])
def test_the_same_bytes_twice(form: Form, language: str) -> None:
    one = report.draw(filled(form, language=language, findings=(hostile_finding(),)))
    other = report.draw(filled(form, language=language, findings=(hostile_finding(),)))
    assert one == other
    assert f'<html lang="{language}">' in one.decode()


def test_a_table_whose_export_was_refused_is_drawn_with_the_sign_for_it(form: Form) -> None:
    submission = filled(form, tables=["T10"])
    submission.cells.clear()  # type: ignore[attr-defined]
    read = Reader(report.draw(submission).decode())
    assert read.text["T10-T-M"] == form.signs()["not_available"]
