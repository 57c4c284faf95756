"""The solver keeps its name to itself: what a command prints on standard output is the product's."""

import subprocess
import sys

_SOLVE = """
import sys
from form1.check.localise import programme
from form1.check.localise.system import Equation, System

part, other, total = (("T", row, "T") for row in "abt")
sound = System(
    (Equation("rows", total, (part, other)),),
    {part: 3, other: 4, total: 10},
    {part: {0: -1}, other: {0: -1}, total: {0: 1}},
    {0: 3},
    frozenset({total}),
)
print("before")
solution = programme.solve(sound, {part: 2.0, other: 2.0, total: 1.0}, (), (), seconds=600)
print("after")
sys.stderr.write(str(dict(solution.deltas)))
"""


def test_standard_output_is_ours_while_causes_are_searched() -> None:
    # Into a pipe, where the C library holds back what is printed until the process ends.
    ended = subprocess.run([sys.executable, "-c", _SOLVE], capture_output=True, text=True, check=True)
    assert ended.stderr == "{('T', 't', 'T'): -3}"
    assert ended.stdout == "before\nafter\n"
