"""The documents: generated ones are fresh, written ones name what exists, and the recipes work."""

import re
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from form1.cli.main import COMMANDS, group
from form1.definition import Form, load
from form1.definition.audit.form import audit
from form1.documents import commands, methods
from form1.documents.__main__ import main
from form1.rules.derive import cases
from tests.making import REPOSITORY, scratch_reference

DOCS = REPOSITORY / "docs"
WRITTEN = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", REPOSITORY / "CHANGELOG.md"]
EVERY = [*WRITTEN, *sorted(DOCS.rglob("*.md")), REPOSITORY / "sample_data" / "README.md"]

_LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
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
        assert told.count(f"`{note.id}`") == (note.status == "NOT FOUND")
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


@pytest.mark.parametrize("document", [*WRITTEN, *sorted((DOCS / "decisions").glob("*.md"))], ids=_named)
def test_commands_options_and_targets_that_are_named_exist(document: Path) -> None:
    code = "\n".join(re.findall(r"```\w*\n.*?```|`[^`\n]+`", document.read_text(encoding="utf-8"), re.DOTALL))
    named = re.findall(r"\bform1 ([a-z]+(?:-[a-z]+)*)\b([^`\n]*)", code)
    options = {"--version", "--help", "--check"}
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        options |= {spelling for param in command.params for spelling in param.opts if spelling.startswith("--")}
    assert {name for name, _ in named} <= set(COMMANDS)
    assert set(re.findall(r"(?<![\w-])--[a-z]+", code)) <= options
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    assert set(re.findall(r"\bmake ([a-z]+)", code)) <= targets


def test_configuration_of_the_readme_is_accepted(tmp_path: Path) -> None:
    from form1.definition.configuration import Configuration, read_configuration

    block = re.search(r"```toml\n(.*?)```", WRITTEN[0].read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    (tmp_path / "form1.toml").write_text(block[1], encoding="utf-8")
    settings = read_configuration(tmp_path / "form1.toml")
    assert settings.language == Configuration().language
    assert not any(settings.signature.model_dump().values())


def test_decisions_are_numbered_without_a_gap() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert page.read_text(encoding="utf-8").startswith(f"# {int(page.name[:4])}. ")


def recipes() -> dict[str, list[tuple[str, str]]]:
    """The recipes of CONTRIBUTING: heading, and the blocks of each as place and content."""
    sections = re.split(r"^## ", (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8"), flags=re.MULTILINE)
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
    assert {f"D-ROWS.{table.id}", f"D-COLUMNS.{table.id}", f"D-PRESENT.{table.id}", "R030"} <= judged
    assert f"D-MARGINS.T02-{table.id}" in judged
    assert "| `45.1.12` |" in told
    assert "| `R030` |" in told
    assert "| `C001` |" in told
