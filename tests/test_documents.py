"""The documents: generated ones are fresh, written ones name what exists, and the recipes work."""

import re
import shlex
import tomllib
from pathlib import Path
from typing import get_args

import click
import pytest
from click.testing import CliRunner

from form1.cli.main import COMMANDS, group
from form1.definition import Form, load
from form1.definition.audit.form import audit
from form1.definition.rulebook import Kind
from form1.documents import commands, methods
from form1.documents.__main__ import main
from form1.rules.derive import cases
from tests.making import REPOSITORY, scratch_reference

DOCS = REPOSITORY / "docs"
README = REPOSITORY / "README.md"
CONTRIBUTING = REPOSITORY / "CONTRIBUTING.md"
DECISIONS = DOCS / "decisions"
GENERATED = {DOCS / "methods.md", DOCS / "commands.md"}
EVERY = sorted(
    path
    for path in REPOSITORY.rglob("*.md")
    if not any(part.startswith(".") for part in path.relative_to(REPOSITORY).parts)
)
"""Every page of the repository."""
WRITTEN = [path for path in EVERY if path not in GENERATED | {DOCS / "operations.md"}]
"""Pages written by hand; tests/unattended/test_operations.py holds the page on operations, which calls other programs too."""
MOST_LINES = {"README.md": 150, "CONTRIBUTING.md": 200}

_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_BLOCK = re.compile(r"^```(?:toml|csv)\n# (?P<head>.+)\n(?P<body>(?:.*\n)*?)```$", re.MULTILINE)
_HEAD = re.compile(
    r"reference/(?P<file>\S+): (?:(?P<new>new file)|(?P<end>at the end)"
    r"|instead of the line \"(?P<key>\w+)\"(?: below '(?P<below>.+)')?)"
)


def _named(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def test_generated_documents_are_fresh() -> None:
    result = CliRunner().invoke(main, ["--check"])
    assert result.exit_code == 0, result.output


def test_check_fails_when_a_document_is_stale(tmp_path: Path) -> None:
    runner = CliRunner()
    assert runner.invoke(main, ["--docs", str(tmp_path)]).exit_code == 0
    assert runner.invoke(main, ["--docs", str(tmp_path), "--check"]).exit_code == 0
    stale = tmp_path / "methods.md"
    stale.write_text(stale.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    result = runner.invoke(main, ["--docs", str(tmp_path), "--check"])
    assert result.exit_code == 1
    assert "methods.md" in result.output
    assert "commands.md" not in result.output


def test_documents_of_a_broken_definition_are_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["--docs", str(tmp_path), "--reference", str(tmp_path)])
    assert result.exit_code == 4
    assert result.output.startswith("form1: no definition of the form in ")
    assert list(tmp_path.iterdir()) == []


def test_methods_tell_everything_that_is_defined(form: Form) -> None:
    told = methods(form)
    for table in form.tables.values():
        assert f"### {table.id}. {table.title.en}" in told
        assert table.title.az in told
        assert f"`{form.source_of(table.id).name}`" in told
    for rule in (*form.rulebook.derived, *form.rulebook.rule):
        assert f"| `{rule.id}` |" in told
    for codelist in form.codelists.values():
        for entry in codelist.codes:
            assert f"| `{entry.code}` |" in told
    for note in form.notes:
        assert told.count(f"`{note.id}`") == len(note.asks)
    assert methods(load()) == told


def test_tables_of_methods_have_one_width(form: Form) -> None:
    """No text of the definition breaks a table: each line has as many cells as the head of its table."""
    width = 0
    for number, line in enumerate((methods(form) + commands()).splitlines(), start=1):
        if not line.startswith("|"):
            width = 0
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        assert cells == (width or cells), f"line {number}: {line[:80]}"
        width = cells


def test_command_reference_names_every_command_and_option() -> None:
    told = commands()
    context = click.Context(group, info_name="form1")
    for name in COMMANDS:
        assert f"## form1 {name}\n" in told
        command = group.get_command(context, name)
        assert command is not None
        section = told.split(f"## form1 {name}\n")[1].split("\n## ")[0]
        for option in (param for param in command.params if isinstance(param, click.Option)):
            assert all(spelling in section for spelling in option.opts)


@pytest.mark.parametrize("document", EVERY, ids=_named)
def test_links_resolve(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in _LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        path, _, anchor = target.partition("#")
        goal = (document.parent / path) if path else document
        assert goal.exists(), f"{_named(document)} links to {target}"
        if anchor and goal.is_file():
            heads = re.findall(r"^#+ (.+)$", goal.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in {_anchor(head) for head in heads}, f"{_named(document)} links to {target}"


def _anchor(head: str) -> str:
    return re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")


@pytest.mark.parametrize("document", WRITTEN, ids=_named)
def test_commands_options_and_targets_that_are_named_exist(document: Path) -> None:
    code = "\n".join(re.findall(r"```\w*\n.*?```|`[^`\n]+`", document.read_text(encoding="utf-8"), re.DOTALL))
    named = re.findall(r"\bform1 ([a-z]+(?:-[a-z]+)*)\b([^`\n]*)", code)
    options = {"--version", "--help", "--check"}
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        options |= {spelling for param in command.params for spelling in param.opts if spelling.startswith("--")}
    assert {name for name, _ in named} <= set(COMMANDS)
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", code)) <= options
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets


@pytest.mark.parametrize("document", WRITTEN, ids=_named)
def test_rooms_and_files_of_the_code_that_are_named_exist(document: Path) -> None:
    named = set(re.findall(r"`((?:form1|tests|reference|templates)/[\w./-]*)`", document.read_text(encoding="utf-8")))
    example = {"reference/tables/t11.toml", "templates/blanks/"}  # a recipe makes the one, an office the other
    absent = {name for name in named - example if not (REPOSITORY / name).exists()}
    assert [name for name in sorted(absent) if not re.search(r"/(?:NAME|ID|LIST)\b", name)] == []


def test_pages_at_the_top_are_short() -> None:
    for name, most in MOST_LINES.items():
        assert len((REPOSITORY / name).read_text(encoding="utf-8").splitlines()) <= most


def test_commands_of_the_readme_run_as_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The check is made, the build is parsed: `make run` and the tests of editions make the same one."""
    blocks = re.findall(r"```sh\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    calls = [shlex.split(line, comments=True) for block in blocks for line in block.splitlines()]
    assert [call[1] for call in calls if call[0] == "make"] == ["run", "test"]
    own = [call[1:] for call in calls if call[0] == "form1"]
    assert [call[0] for call in own] == ["build", "check"]
    (tmp_path / "sample_data").symlink_to(REPOSITORY / "sample_data")
    monkeypatch.chdir(tmp_path)
    build = group.get_command(click.Context(group), "build")
    assert build is not None
    given = build.make_context("form1", own[0][1:]).params
    assert given["period"] and given["exports"].is_dir()
    result = CliRunner().invoke(group, own[1])
    shown = README.read_text(encoding="utf-8").split(f"form1 {' '.join(own[1])}\n```\n\n```\n")[1].split("\n```")[0]
    for line in shown.splitlines():
        start, _, rest = line.partition("…")
        assert start in " ".join(re.split(r"[^\S\n]", result.stdout)), (
            line
        )  # digits are grouped by a space of their own
        assert rest == "", f"what follows a mark of omission is not compared: {line}"


def test_the_picture_is_small_and_told() -> None:
    for picture in (DOCS / "pictures").glob("*.png"):
        assert picture.stat().st_size < 150_000
        assert f"`{picture.name}`" in (DOCS / "pictures" / "README.md").read_text(encoding="utf-8")


def test_every_page_is_reached_from_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = {(DOCS / target.partition("#")[0]).resolve() for target in _LINK.findall(index)}
    assert [
        _named(path) for path in sorted(DOCS.glob("*.md")) if path.resolve() not in linked | {DOCS / "README.md"}
    ] == []


def test_exports_are_named_as_the_sources_have_them(form: Form) -> None:
    page = (DOCS / "exports.md").read_text(encoding="utf-8")
    for table in form.tables:
        source = form.source_of(table)
        other = ", ".join(f"`{name}`" for name in source.also_named)
        assert f"| {table} | `{source.name}` | {other} |" in page


def test_configuration_that_is_shown_is_accepted(tmp_path: Path) -> None:
    from form1.definition.configuration import Configuration, read_configuration

    block = re.search(r"```toml\n(.*?)```", (DOCS / "configuration.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (tmp_path / "form1.toml").write_text(block[1], encoding="utf-8")
    settings = read_configuration(tmp_path / "form1.toml")
    assert settings.language == Configuration().language
    assert not any(settings.signature.model_dump().values())


def test_every_kind_of_rule_is_told() -> None:
    told = CONTRIBUTING.read_text(encoding="utf-8") + (DOCS / "recipes.md").read_text(encoding="utf-8")
    assert [kind for kind in get_args(Kind) if told.count(f"`{kind}`") < 2] == []


def test_decisions_are_dated_indexed_and_numbered_without_a_gap() -> None:
    pages = {int(page.name[:4]): page for page in DECISIONS.glob("0*.md")}
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    for number, page in pages.items():
        text = page.read_text(encoding="utf-8")
        title = re.match(rf"# {number}\. (.+)\n\n\*\*Date\.\*\* (\d{{4}}-\d\d-\d\d)\. \*\*Status\.\*\* (\w+)", text)
        assert title is not None, page.name
        assert f"| {number} | [{title[1]}]({page.name}) | {title[2]} | {title[3]}" in index
    folded = {int(number): int(into) for number, into in re.findall(r"^\| (\d+) \| \[(\d+)\]", index, re.MULTILINE)}
    assert not folded.keys() & pages.keys()
    assert sorted([*pages, *folded]) == list(range(1, max(pages) + 1))
    for number, into in folded.items():
        assert re.search(rf"[Dd]ecision {number}\b", pages[into].read_text(encoding="utf-8")), (
            f"{number} is not in {into}"
        )


def test_rooms_are_told_where_floors_are_decided() -> None:
    page = next(DECISIONS.glob("0046-*.md")).read_text(encoding="utf-8")
    rooms = {path.parent.name for path in (REPOSITORY / "form1").glob("*/__init__.py")}
    assert rooms <= set(re.findall(r"`(\w+)`", page))


def test_the_licence_of_every_package_that_is_delivered_is_told() -> None:
    page = next(DECISIONS.glob("0047-*.md")).read_text(encoding="utf-8").lower()
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    bounds = [*project["dependencies"], *(bound for extra in extras if extra != "dev" for bound in extras[extra])]
    names = [re.split(r"[\[<>=~! ;]", bound)[0].lower() for bound in bounds]
    assert [name for name in names if name not in page] == []


def recipes() -> dict[str, list[tuple[str, str]]]:
    """The recipes worked out: heading, and the blocks of each as place and content."""
    sections = re.split(r"^## ", (DOCS / "recipes.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {section.partition("\n")[0]: _BLOCK.findall(section) for section in sections[1:]}
    return {heading: blocks for heading, blocks in found.items() if blocks}


def follow(recipe: str, reference: Path) -> Form:
    """Carry a recipe out on a copy of reference/ and load it."""
    for head, body in recipes()[recipe]:
        place = _HEAD.fullmatch(head)
        assert place is not None, f"{recipe}: no such place: {head}"
        path = reference / place["file"]
        if place["new"]:
            assert not path.exists()
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
            continue
        text = path.read_text(encoding="utf-8")
        if place["end"]:
            text = text + ("" if text.endswith("\n") else "\n") + body
        else:
            before, mark, after = text.partition(place["below"]) if place["below"] else ("", "", text)
            line = re.search(rf"^{place['key']} = .*\n", after, re.MULTILINE)
            assert line is not None, f"{recipe}: {head}"
            text = before + mark + after[: line.start()] + body + after[line.end() :]
        path.write_text(text, encoding="utf-8")
    return load(reference)


def test_there_are_recipes() -> None:
    assert {"Add a table", "Add a code", "Add an alias", "Add a rule", "Add a note"} <= set(recipes())


@pytest.mark.parametrize("recipe", recipes())
def test_a_recipe_gives_a_sound_definition(recipe: str, tmp_path: Path) -> None:
    changed = follow(recipe, scratch_reference(tmp_path))
    assert audit(changed) == []
    assert methods(changed) != methods(load())


def test_what_recipes_add_shows_up(form: Form, tmp_path: Path) -> None:
    reference = scratch_reference(tmp_path)
    for recipe in recipes():
        changed = follow(recipe, reference)
    assert audit(changed) == []
    told = methods(changed)
    added = set(changed.tables) - set(form.tables)
    assert len(added) == 1
    table = changed.tables[added.pop()]
    assert f"### {table.id}. {table.title.en}" in told
    judged = {case.id for case in cases(changed)} - {case.id for case in cases(form)}
    assert {f"D-ROWS.{table.id}", f"D-COLUMNS.{table.id}", f"D-PRESENT.{table.id}", "R040"} <= judged
    assert f"D-MARGINS.T02-{table.id}" in judged
    assert "| `45.1.12` |" in told
    assert "| `R040` |" in told
    assert "| `C001` |" in told
