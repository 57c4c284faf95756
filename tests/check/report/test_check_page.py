"""report.html of a received form: complete, safe to open, and usable by keyboard alone in a real browser."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tinyhtml5.parser import HTMLParser as Html5Parser

from form1.check.report import page as check_page
from form1.core.texts import LANGUAGES, Language
from form1.definition import Form
from form1.model.forms import Received
from form1.views.causes import cause_in_words
from tests.check.report import judged
from tests.render.drawing import HOSTILE_SHOWN
from tests.render.test_report import Reader

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def received(form: Form) -> Received:
    return judged.received_form(form)


@pytest.fixture(scope="module")
def page(received: Received) -> str:
    return check_page.draw(received).decode()


@pytest.fixture(scope="module")
def read(page: str) -> Reader:
    return Reader(page)


def test_the_page_is_well_formed(page: str, read: Reader) -> None:
    parser = Html5Parser(namespace_html_elements=False)
    parser.parse(page)
    assert parser.errors == []
    assert len(read.ids) == len(set(read.ids))


@pytest.mark.parametrize("more, says", [(3, "and 3 more"), (-1, "and others")])
def test_more_alternatives_than_are_listed_are_said(form: Form, more: int, says: str) -> None:
    received = judged.received_form(form, "en", progress=False)
    first, *others = received.causes.causes
    assert first.alternatives
    causes = replace(received.causes, causes=(replace(first, more=more), *others))
    assert f"<li>{says}</li>" in check_page.draw(replace(received, causes=causes)).decode()
    assert f"<li>{says}</li>" not in check_page.draw(received).decode()
    assert cause_in_words(received, replace(first, more=more)).endswith(f" | {says}")


def test_every_link_leads_to_a_place_on_the_page(read: Reader) -> None:
    assert {link for link in read.links if link.removeprefix("#") not in read.ids} == set()


def test_nothing_is_fetched_and_only_our_script_may_run(page: str, read: Reader) -> None:
    assert not read.tags & {"img", "link", "iframe", "object", "embed", "form", "base"}
    assert not {name for name in read.attributes if name.startswith("on") or name in {"src", "style", "srcset"}}
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy
    expected = ["default-src 'none'"]
    for directive, tag in (("style-src", "style"), ("script-src", "script")):
        content = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        assert len(content) == 1
        assert "url(" not in content[0] and "@import" not in content[0] and "://" not in content[0]
        expected.append(
            f"{directive} 'sha256-{base64.b64encode(hashlib.sha256(content[0].encode()).digest()).decode()}'"
        )
    assert policy[1].split("; ") == [*expected, "base-uri 'none'", "form-action 'none'"]


def test_text_from_outside_appears_literally(page: str, read: Reader) -> None:
    assert "\x1b" not in page and "<script>alert" not in page
    # The file's name in the title and in its place, and the findings about the file.
    assert read.all_text.count(HOSTILE_SHOWN) >= 4


def test_the_verdict_stands_first_then_causes_pictures_findings_rules_tables(read: Reader) -> None:
    order = ["verdict-title", "file-title", "progress", "filter", "causes", "cause-1", "cause-2", "pictures"]
    order += ["errors_of_form", "errors_of_content", "warnings", "known_warnings", "informations"]
    order += ["rules", "tables", "T01", "T10"]
    assert sorted(order, key=read.ids.index) == order


def test_every_finding_stands_once_and_those_with_a_cause_under_it(received: Received, read: Reader) -> None:
    anchors = [anchor for anchor in read.ids if re.fullmatch(r"finding-\d+", anchor)]
    assert sorted(anchors) == sorted(f"finding-{number}" for number in range(1, len(received.findings) + 1))
    for position, cause in received.cause_of.items():
        assert read.text[f"finding-{position + 1}"].strip() in read.text[f"cause-{cause + 1}"]
    assert "seasonal work" in read.text["known_warnings"]


def test_cells_lead_to_their_cause_or_finding(read: Reader) -> None:
    assert read.classes["-".join(judged.WRONG_DETAIL)] == "count cause"
    assert read.classes["-".join(judged.TEXT_NUMBER)] == "count error"
    assert read.classes["T07-T-T"] == "count known"
    assert "#cause-1" in read.links


def test_rules_that_were_not_judged_say_what_blocked_them(received: Received, read: Reader) -> None:
    reasons = {result.blocked_by.az for result in received.results if result.blocked_by}
    assert reasons and all(reason in read.text["rules"] for reason in reasons)


def test_progress_since_the_earlier_check(form: Form, read: Reader) -> None:
    assert "T01 · 2 (1!C8): 5 / 6" in read.text["progress"]
    assert form.word("new", "az") in read.text["finding-1"]
    assert form.word("still_open", "az") in read.text["finding-3"]


def test_a_form_without_an_error(form: Form) -> None:
    read = Reader(check_page.draw(judged.clean(form)).decode())
    assert form.word("no_findings", "az") in read.all_text
    assert not {"filter", "progress", "finding-1", "cause-1"} & set(read.ids)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_bytes_twice(form: Form, language: Language) -> None:
    once, again = (check_page.draw(judged.received_form(form, language)) for _ in range(2))
    assert once == again
    assert f'<html lang="{language}">'.encode() in once


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian: apt install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (make setup)")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def opened(browser: Any, tmp_path: Path) -> Iterator[Open]:
    """Open a page in Chromium; at the end nothing was fetched and nothing went wrong in it."""
    contexts, trouble = [], []

    def open_page(content: str, *, width: int = 1200, scripts: bool = True) -> Any:
        file = tmp_path / "report.html"
        file.write_text(content, encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: trouble.append(message.text))
        tab.on("pageerror", lambda error: trouble.append(str(error)))
        tab.on("request", lambda request: trouble.extend([request.url] * (request.url.split("#")[0] != file.as_uri())))
        tab.goto(file.as_uri())
        return tab

    yield open_page
    for context in contexts:
        context.close()
    assert trouble == []


def shown(tab: Any) -> int:
    return int(tab.locator("li.finding:not([hidden])").count())


def settle(tab: Any) -> None:
    """Wait until the search has waited for the last letter and the screen is drawn."""
    tab.wait_for_timeout(120)
    tab.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def press(tab: Any, *keys: str) -> None:
    for key in keys:
        tab.keyboard.press(key)


def test_search_follow_a_link_and_clear_by_keys_alone(received: Received, page: str, opened: Open) -> None:
    tab, everything = opened(page), len(received.findings)
    assert shown(tab) == everything and tab.locator("#filter").is_visible()
    tab.focus("#search")
    assert tab.evaluate("document.activeElement.id") == "search"
    tab.keyboard.type("SEBEB t03 21 627")  # no marks on the letters, and the number with an ordinary space
    settle(tab)
    assert shown(tab) == 0
    press(tab, "Escape")
    assert shown(tab) == everything
    tab.keyboard.type("t03 21 627")
    settle(tab)
    assert shown(tab) == 1
    assert "1 / 11" in tab.inner_text("#shown") and tab.get_attribute("#shown", "aria-live") == "polite"
    assert tab.locator("#finding-1, #finding-2").locator("visible=true").count() == 1, "its cause has been unfolded"
    for _ in range(30):
        press(tab, "Tab")
        if tab.evaluate("document.activeElement.matches('li.finding a.where')"):
            break
    outline = tab.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid", "the focus is seen"
    press(tab, "Enter")
    settle(tab)
    assert tab.evaluate("document.activeElement.id") == "T03-T-M"
    box = tab.locator("#T03-T-M").bounding_box()
    assert tab.locator("#filter").bounding_box()["height"] < box["y"] < 900, "the cell is not behind the filter"
    press(tab, "Tab", "Enter")  # from the cell back to its finding
    assert tab.evaluate("location.hash").startswith("#finding-")
    press(tab, "Escape")
    assert shown(tab) == everything


def test_filters_by_severity_table_and_rule_by_keys_alone(received: Received, page: str, opened: Open) -> None:
    tab = opened(page)
    tab.focus("#search")
    press(tab, "Tab")
    assert tab.evaluate("document.activeElement.id") == "by-weight"
    press(tab, "ArrowDown")
    errors = [finding for finding in received.findings if finding.severity == "error"]
    assert shown(tab) == len(errors)
    press(tab, "Tab")
    tab.keyboard.type("T06")
    assert shown(tab) == sum(finding.place.table == "T06" for finding in errors) == 2
    assert tab.locator("#errors_of_form").is_hidden() and tab.locator("#cause-1").is_hidden()
    press(tab, "Tab")
    tab.select_option("#by-rule", "D-ROWS.T06")
    assert shown(tab) == 1
    press(tab, "Tab", "Enter")
    assert shown(tab) == len(received.findings)
    assert tab.evaluate("document.activeElement.id") == "search"


def test_a_link_to_what_the_filter_hides_clears_it(received: Received, page: str, opened: Open) -> None:
    tab = opened(page)
    tab.focus("#search")
    tab.keyboard.type("nothing has these words")
    settle(tab)
    assert shown(tab) == 0
    tab.evaluate("location.hash = 'finding-1'")
    settle(tab)
    assert shown(tab) == len(received.findings) and tab.locator("#finding-1").is_visible()


def test_the_marks_of_a_picture_are_walked_by_arrow_keys(page: str, opened: Open) -> None:
    tab = opened(page)
    picture = tab.locator("svg.picture").nth(2)
    assert [link.get_attribute("tabindex") for link in picture.locator("a").all()] == ["0", "-1", "-1"]
    picture.locator("a").first.focus()
    press(tab, "ArrowRight", "ArrowRight")
    assert "3!D20" in tab.evaluate("document.activeElement.querySelector('title').textContent")
    press(tab, "Enter")
    settle(tab)
    assert tab.evaluate("document.activeElement.id") == "-".join(judged.WRONG_DETAIL)


def test_without_scripts_the_page_is_complete_and_shows_no_filter(received: Received, page: str, opened: Open) -> None:
    tab = opened(page, scripts=False)
    assert tab.locator("#filter").is_hidden()
    assert tab.locator("li.finding").count() == len(received.findings)
    tab.locator(".cause summary").last.click()
    assert tab.locator("#cause-2 li.finding").first.is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_sticks_out_of_a_narrow_screen(form: Form, opened: Open, language: Language) -> None:
    tab = opened(check_page.draw(judged.received_form(form, language)).decode(), width=400)
    assert tab.evaluate("document.documentElement.scrollWidth") == 400


def test_five_thousand_findings_are_all_there_and_filtered_at_once(form: Form, opened: Open) -> None:
    tab = opened(check_page.draw(judged.many(form, 5000)).decode())
    assert shown(tab) == 5000
    worked = _processor(tab)
    before = worked()
    tab.fill("#search", "t08")
    settle(tab)
    assert 0 < shown(tab) < 5000
    assert worked() - before < 3.0  # 0.3 s on an ordinary machine


def _processor(tab: Any) -> Callable[[], float]:
    """A function that gives the seconds that the processor has worked for the page from now on."""
    session = tab.context.new_cdp_session(tab)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def worked() -> float:
        metrics = session.send("Performance.getMetrics")["metrics"]
        seconds: float = next(metric["value"] for metric in metrics if metric["name"] == "TaskDuration")
        return seconds

    return worked
