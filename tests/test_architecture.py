"""The floors of the package: a room imports from lower floors only, and the rooms of one floor have no doors."""

import ast
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "form1"
FLOORS: tuple[tuple[str, ...], ...] = (
    ("core",),
    ("definition", "xlsx"),
    ("model",),
    ("rules", "recognise"),
    ("views",),
    ("render",),
    ("archive",),
    ("build", "records"),
    ("check",),
    ("unattended",),
    ("cli",),
    ("documents",),
)
MOST_ROOMS = 16


def _floor(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def _imports(path: Path) -> Iterator[str]:
    """Yield the modules of the package that a file imports, wherever the statement stands in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "form1":
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("form1."))


def _rooms(path: Path) -> set[str]:
    return {name.split(".")[1] for name in _imports(path)} - {"__version__"}


def test_every_import_goes_down() -> None:
    faults = []
    for path in sorted(PACKAGE.rglob("*/*.py")):
        room = path.relative_to(PACKAGE).parts[0]
        faults += [
            f"{path.relative_to(PACKAGE)} imports form1.{other}"
            for other in sorted(_rooms(path) - {room})
            if _floor(other) >= _floor(room)
        ]
    assert faults == []


def test_a_workbook_knows_nothing_of_the_form() -> None:
    faults = [
        f"{path.name}: {name}"
        for path in (PACKAGE / "xlsx").rglob("*.py")
        for name in _imports(path)
        if not name.startswith(("form1.xlsx.", "form1.core.errors"))
    ]
    assert faults == []


def test_every_room_stands_on_a_floor_and_says_what_it_is_for() -> None:
    rooms = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert rooms - {"__init__"} == {room for floor in FLOORS for room in floor}
    assert len(rooms) <= MOST_ROOMS
    for room in sorted(rooms - {"__init__"}):
        said = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8")))
        assert said and said.split("\n\n")[0].endswith("."), f"{room} has no sentence at its door"


def test_no_room_imports_in_a_circle() -> None:
    names = {
        ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts).removesuffix(".__init__"): path
        for path in PACKAGE.rglob("*.py")
    }
    graph = {
        name: {found if found in names else found.rpartition(".")[0] for found in _imports(path)} & names.keys()
        for name, path in names.items()
    }
    done: set[str] = set()

    def walk(name: str, above: tuple[str, ...]) -> None:
        assert name not in above, f"a circle of imports: {' > '.join((*above[above.index(name) :], name))}"
        if name not in done:
            for other in sorted(graph[name] - {name}):
                walk(other, (*above, name))
            done.add(name)

    for name in sorted(names):
        walk(name, ())


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
