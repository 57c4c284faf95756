"""The floors of the package: a module imports from lower floors only, and the rooms of one floor have no doors."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "form1"
FLOORS: list[set[str]] = [
    {"errors", "literal", "texts", "values", "periods", "findings", "clock", "folders", "mistakes", "quiet"},
    {"cells", "locking", "events", "glance", "hooks"},
    {"definition", "configuration", "acceptance"},
    {"submission", "exports", "judgement", "schedule", "history", "figures"},
    {
        "sources",
        "contract",
        "assemble",
        "rules",
        "summary",
        "render",
        "deliver",
        "receive",
        "causes",
        "readback",
        "signing",
        "tabulate",
        "register",
    },
    {"runs"},
    {"cli"},
]
OPEN_FLOORS = (0, 2, 3)
"""Floors of values and definitions, whose modules may know each other; the rooms of the others do not."""


def _floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "form1":
            names = [node.module.split(".")[1]] if "." in node.module else [alias.name for alias in node.names]
            found |= set(names) - {"__version__"}
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[1] for alias in node.names if alias.name.startswith("form1.")}
    return found


def test_every_import_goes_down() -> None:
    faults = []
    for path in sorted(PACKAGE.rglob("*.py")):
        room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if room in {"__init__", "documents"}:
            continue
        for other in _imports(path) - {room}:
            here, there = _floor(room), _floor(other)
            if there > here or (there == here and here not in OPEN_FLOORS):
                faults.append(f"{path.relative_to(PACKAGE)} imports form1.{other}")
    assert faults == []


def test_every_room_stands_on_a_floor() -> None:
    rooms = {
        path.name.removesuffix(".py")
        for path in PACKAGE.iterdir()
        if path.suffix == ".py" or (path / "__init__.py").exists()
    }
    assert rooms - {"__init__", "documents"} == set().union(*FLOORS)


def test_no_table_title_or_label_stands_in_the_code(form) -> None:
    """The form is data: no title of a table, no name of a code, no message is written in Python."""
    texts = {table.title.of(language) for table in form.tables.values() for language in ("az", "en", "ru")}
    texts |= {
        entry.name.az for name, codelist in form.codelists.items() for entry in codelist.codes if len(entry.name.az) > 8
    }
    code = {path: path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py")}
    found = [
        (str(path.relative_to(PACKAGE)), text)
        for path, source in code.items()
        for text in texts
        if f'"{text}"' in source
    ]
    assert found == []
