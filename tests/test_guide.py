"""The guide in Azerbaijani: what it quotes is what the program says, takes and writes."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from form1.cli.main import COMMANDS, group, run
from form1.definition import Form
from tests.making import REPOSITORY

pytestmark = pytest.mark.usefixtures("earlier_once")

GUIDE = REPOSITORY / "docs" / "az"
PAGES = sorted(GUIDE.glob("*.md"))
SAMPLE = REPOSITORY / "sample_data"

_SPAN = re.compile(r"`([^`\n]+)`")
_FENCE = re.compile(r"^```.*?^```$", re.DOTALL | re.MULTILINE)
_SHOWN = re.compile(r"^```sh\n(?P<call>form1 [^\n]+)\n```\n\n```\n(?P<said>.*?)\n```$", re.DOTALL | re.MULTILINE)
_FAULTY = re.compile(r"Xətalı ixracın nümunəsi:\n\n```\n(?P<said>.*?)\n```", re.DOTALL)
_COUNT = re.compile(r"-?[0-9.]+(?: %)?|[0-9]+![A-Z]+[0-9]+|[0-9]{4}-Q[1-4]|r[0-9]|\.\.\.")


def _spans(page: Path) -> list[str]:
    return _SPAN.findall(_FENCE.sub("", page.read_text(encoding="utf-8")))


def _in_order(pattern: str, text: str) -> bool:
    """True when the parts of a pattern between its marks of omission stand in a text, one after the other."""
    at = 0
    for part in pattern.split("…"):
        found = text.find(part.strip(), at)
        if found < 0:
            return False
        at = found + len(part.strip())
    return True


def _sentences(form: Form) -> list[str]:
    """What the program can say in Azerbaijani, with a mark of omission for each fact."""
    texts = [message.az for message in form.messages.values()] + [word.az for word in form.words.values()]
    return [re.sub(r"\{\w+\}", "…", text) for text in texts]


def _names(form: Form) -> set[str]:
    """Names that exports may carry: of files, sheets, columns and codes."""
    sources = form.sources
    found = {sources.measure.az, *sources.measure_headers, *sources.total_labels, sources.revision_note}
    for dimension in sources.dimension:
        found |= {dimension.name.az, *dimension.headers}
    for source in sources.source:
        found |= {source.name, *source.also_named}
    for codelist in form.codelists.values():
        found |= {name for entry in codelist.codes for name in (entry.code, entry.name.az)}
    return found | {line.label.az for line in form.identity.signature}


def _english() -> str:
    """What the pages in English, which other tests hold, show as code."""
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").glob("*.md")]
    return "\n".join("\n".join(_SPAN.findall(page.read_text(encoding="utf-8"))) for page in pages) + "\n".join(
        "\n".join(_FENCE.findall(page.read_text(encoding="utf-8"))) for page in pages
    )


def _call_is_known(words: list[str]) -> bool:
    command = group.get_command(click.Context(group), words[0]) if words[0] in COMMANDS else None
    if command is None:
        return False
    known = {spelling for param in command.params for spelling in param.opts}
    return all(word in known for word in words if word.startswith("--"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_quotation_exists(page: Path, form: Form) -> None:
    sentences, names, english = _sentences(form), _names(form), _english()
    strange = []
    for span in _spans(page):
        if span.startswith("form1 "):
            known = _call_is_known(shlex.split(span)[1:])
        else:
            known = (
                span in names
                or bool(_COUNT.fullmatch(span))
                or any(_in_order(span, sentence) for sentence in sentences)
                or span in english
                or (REPOSITORY / span).exists()
            )
        if not known:
            strange.append(span)
    assert strange == []


def test_the_tables_are_named_as_the_form_names_them(form: Form) -> None:
    page = (GUIDE / "dmx.md").read_text(encoding="utf-8")
    for table in form.tables.values():
        source = form.source_of(table.id)
        other = ", ".join(f"`{name}`" for name in source.also_named)
        assert f"| {table.id} | {table.short_title.az} | `{source.name}` | {other} |" in page


def test_each_header_stands_beside_its_dimension(form: Form) -> None:
    lines = (GUIDE / "dmx.md").read_text(encoding="utf-8").splitlines()
    of_dimension = {name: {name, *other} for name, other in _headers(form)}
    for name, accepted in of_dimension.items():
        row = [_SPAN.findall(line) for line in lines if re.match(rf"\| [^|]+ \| `{re.escape(name)}`", line)]
        assert len(row) == 1, name
        assert set(row[0]) <= accepted


def _headers(form: Form) -> Iterator[tuple[str, tuple[str, ...]]]:
    used = {name for table in form.tables.values() for name in table.dimensions}
    yield from ((dim.name.az, dim.headers) for dim in form.sources.dimension if dim.id in used)
    yield form.sources.measure.az, form.sources.measure_headers


def test_what_is_shown_is_what_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], quick_drawing: None
) -> None:
    """Each call that is shown with its answer is made, and says the lines that stand below it."""
    for page in PAGES:
        text, folder = page.read_text(encoding="utf-8"), tmp_path / page.stem
        folder.mkdir()
        (folder / "sample_data").symlink_to(SAMPLE)
        if "--exports exports" in text:
            shutil.copytree(SAMPLE / "exports", folder / "exports")
        monkeypatch.chdir(folder)
        for shown in _SHOWN.finditer(text):
            run([found for word in shlex.split(shown["call"])[1:] for found in _expanded(folder, word)])
            printed = capsys.readouterr()
            _holds(shown["said"], printed.out + printed.err)


def _expanded(folder: Path, word: str) -> list[str]:
    """A word as a shell hands it on."""
    return [str(path.relative_to(folder)) for path in sorted(folder.glob(word))] if "*" in word else [word]


def _holds(said: str, output: str) -> None:
    printed = [re.sub(r"[^\S\n]", " ", line) for line in output.splitlines()]  # a space of its own groups digits
    for line in said.splitlines():
        assert any(_in_order(line, one) for one in printed), f"{line}\n\n{output}"


def test_the_example_of_faults(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A fraction and a missing export say what the guide shows."""
    period = tmp_path / "exports" / "2026-Q3"
    shutil.copytree(SAMPLE / "exports" / "2026-Q3", period)
    for earlier in ("2026-Q1", "2026-Q2"):
        shutil.copytree(SAMPLE / "exports" / earlier, tmp_path / "exports" / earlier)
    (period / "exempt_from_work_permit.csv").unlink()
    grounds = period / "temporary_permits_by_ground.csv"
    lines = grounds.read_text(encoding="utf-8").splitlines(keepends=True)
    lines[2] = re.sub(r",\d+,", ",3.5,", lines[2], count=1)
    grounds.write_text("".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    shown = _FAULTY.search((GUIDE / "dmx.md").read_text(encoding="utf-8"))
    assert shown is not None
    assert run(["build", "2026-Q3"]) == 4
    printed = capsys.readouterr()
    _holds(shown["said"], printed.out + printed.err)
