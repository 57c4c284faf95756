"""The child process: whatever becomes of it, the parent says one line, in time and without much memory."""

import subprocess
import sys
from pathlib import Path

import pytest

from form1.recognise import Refusal, receive
from form1.xlsx.read import bounded, reading
from form1.xlsx.read.gate import Admitted
from tests.making import REPOSITORY, processor_seconds
from tests.xlsx.read.hostile import hostile_files
from tests.xlsx.read.hostile_packages import MAIN
from tests.xlsx.read.packages import SHEET, changed, good, in_part, with_parts

ADMITTED = Admitted("sent.xlsx", good(), "0" * 64, len(good()))
LIMITED = "import sys; sys.path.insert(0, sys.argv[1]); from form1.xlsx.read.child import _give_up_rights as g; g(); "


@pytest.mark.parametrize(
    "code, message",
    [
        pytest.param("import os; os.kill(os.getpid(), 11)", "received_reader_died", id="signal"),
        pytest.param("raise SystemExit(1)", "received_reader_died", id="exit code"),
        pytest.param("1 / 0", "received_reader_died", id="exception"),
        pytest.param("print('{')", "received_reader_died", id="half an answer"),
        pytest.param("print('[' * 10**6)", "received_reader_died", id="a deep answer"),
        pytest.param("print('{}')", "received_reader_died", id="an empty answer"),
        pytest.param("import os; os._exit(12)", "received_too_much", id="out of memory"),
        pytest.param("import sys\nwhile True: sys.stdout.write('x' * 10**6)", "received_too_much", id="endless answer"),
        pytest.param("while True: pass", "received_too_slow", id="endless loop"),
        pytest.param("import time; time.sleep(99)", "received_too_slow", id="endless sleep"),
        pytest.param(LIMITED + "x = bytearray(600 * 2**20)", "received_reader_died", id="memory beyond the limit"),
        pytest.param(LIMITED + "open('x', 'w').write('y' * 10**6)", "received_reader_died", id="writes a file"),
    ],
)
def test_every_death_is_one_line(monkeypatch, code: str, message: str) -> None:
    monkeypatch.setattr(bounded, "_START", code)
    monkeypatch.setattr(bounded, "_CLOCK", 0.7)
    result = reading.read(ADMITTED)
    assert isinstance(result, Refusal)
    assert result.message == message


def test_the_child_ends_when_its_processor_time_is_used_up(monkeypatch) -> None:
    spin = "import resource as r; r.setrlimit(r.RLIMIT_CPU, (1, 1))\nwhile True: pass"
    monkeypatch.setattr(bounded, "_START", spin)
    assert reading.read(ADMITTED) == Refusal("received_too_slow", {"bound": 8})


def test_the_reader_needs_nothing_but_the_standard_library() -> None:
    code = "import sys; sys.path.insert(0, sys.argv[1]); import form1.xlsx.read.child; print(*sys.modules)"
    seen = subprocess.run(
        [sys.executable, "-I", "-S", "-c", code, str(REPOSITORY)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"pydantic", "polars", "openpyxl", "form1.core.texts", "socket", "urllib.request"} & set(seen)


def test_the_heaviest_files_stay_below_512_mib(tmp_path: Path) -> None:
    heavy = {"bomb in one part", "3 million cells", "30 MiB of remarks", "attribute of 20 MiB", "100,000 merged cells"}
    paths = []
    for each in hostile_files():
        if each.id in heavy:
            paths.append(tmp_path / f"{len(paths)}.xlsx")
            paths[-1].write_bytes(each.make())
    assert len(paths) == len(heavy)
    code = (
        "import resource, sys; from pathlib import Path; from form1.definition import load; from form1.recognise import receive\n"
        "form = load()\nfor name in sys.argv[1:]: receive(form, Path(name))\n"
        # The peak of this very program: getrusage would tell that of the process that started it, where that was larger.
        "own = next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM'))\n"
        "print(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, paths)], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    own, children = (int(kib) // 1024 for kib in done.stdout.split())
    assert own < 512 and children < 512, f"{own} MiB here, {children} MiB in the child"


def test_it_leaves_nothing_open(form, tmp_path: Path) -> None:
    path = tmp_path / "sent.xlsx"
    path.write_bytes(good())
    assert not isinstance(receive(form, path), Refusal)
    assert [entry.name for entry in tmp_path.iterdir()] == ["sent.xlsx"]


def test_work_that_grows_with_the_square_is_bounded(form, tmp_path: Path) -> None:
    def sheet(rows: str) -> bytes:
        return with_parts(
            {SHEET["T03"]: f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()}
        )

    def row(number: int, *cells: str, hidden: str = "") -> str:
        return f'<row r="{number}"{hidden}>{"".join(cells)}</row>'

    letters, count = '<c t="str"><v>A</v></c><c t="str"><v>B</v></c>', "<c><v>{}</v></c>"
    numbers = letters + "".join(count.format(n) for n in range(1, 4))
    formulas = [
        f"<c><f>SUM(A1:SR20000)+{'(' * 50}{'[' * 2000}{')' * 50}</f><v>1</v></c>",
        "<c><f>SUM(A1:SR20000)</f><v>1</v></c>",
    ]
    for place, content in enumerate(
        [
            sheet("".join(row(n, numbers) for n in range(1, 20_001))),
            sheet("".join(row(n, numbers, hidden=' hidden="1"') for n in range(1, 20_001))),
            sheet("".join(row(n, (letters + count.format(1)) * 10) for n in range(1, 4_000))),
            sheet("".join(row(n, f'<c t="str"><v>{"Cədvəl 3 " * 200}{n}</v></c>' * 3) for n in range(1, 3_000))),
            changed(in_part(SHEET["T09"], r"<c ([^>]*)t=\"n\"><v>[0-9]+</v></c>", formulas[0], count=0)),
            changed(in_part(SHEET["T09"], r"<c ([^>]*)t=\"n\"><v>[0-9]+</v></c>", formulas[1], count=0)),
        ]
    ):
        path = tmp_path / f"{place}.xlsx"
        path.write_bytes(content)
        began = processor_seconds()
        receive(form, path)
        assert processor_seconds() - began < 10, place
