"""A server on which docs/operations.md was followed, below a folder of its own, and its nights as cron starts them."""

import json
import re
import subprocess
import sys
from pathlib import Path

from tests.making import REPOSITORY, sample_of_the_year

PLACES = ("/opt/form1", "/etc/form1", "/var/lib/form1", "/var/log/form1")

_PROGRAM = """#!{python}
import sys
sys.path.insert(0, {repository!r})
if __name__ == "__main__":
    from datetime import datetime
    from form1.core import clock
    clock.now = lambda: datetime.fromisoformat("2026-10-20T06:30:00+04:00")
{hasten}    from form1.cli import main
    main()
"""
"""The command of an installed form1, on the morning of 20 October 2026."""


_HASTEN = """    from tests.unattended import quick
    quick.hasten()
"""


class Server:
    """A machine on which the page was followed, below a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.install()
        page = (REPOSITORY / "docs" / "operations.md").read_text(encoding="utf-8")
        block = re.search(r"^```toml\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
        assert block is not None
        (root / "etc/form1").mkdir(parents=True)
        text, found = re.subn(r"(?m)^settle = \d+", "settle = 0", self.here(block[1]))  # nobody writes while it reads
        assert found == 1
        self.configuration.write_text(text, encoding="utf-8")
        sample_of_the_year(root / "var/lib/form1/exports")
        self.exports = root / "var/lib/form1/exports/2026-Q3"
        self.output = root / "var/lib/form1/output"

    def install(self, *, quick: bool = False) -> None:
        """Put the program in its place; with `quick`, drawing takes no time from now on."""
        program = self.root / "opt/form1/venv/bin/form1"
        program.parent.mkdir(parents=True, exist_ok=True)
        text = _PROGRAM.format(python=sys.executable, repository=str(REPOSITORY), hasten=_HASTEN if quick else "")
        program.write_text(text, encoding="utf-8")
        program.chmod(0o755)

    @property
    def configuration(self) -> Path:
        return self.root / "etc/form1/form1.toml"

    def here(self, text: str) -> str:
        return re.sub("|".join(PLACES), lambda place: f"{self.root}{place[0]}", text)

    def line(self) -> str:
        """What cron hands to the shell."""
        last = (REPOSITORY / "deploy" / "form1.cron").read_text(encoding="utf-8").rstrip().splitlines()[-1]
        return self.here(last.split(maxsplit=6)[6])

    def night(self, umask: int, zone: str = "", passing: Path | None = None) -> tuple[int, str, str]:
        """Run the line as cron does: a bare environment, another folder, no locale, no terminal."""
        environment = {"HOME": "/", "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh", "LOGNAME": "form1"}
        environment |= {"TZ": zone} if zone else {}
        environment |= {"TMPDIR": str(passing)} if passing else {}
        ended = subprocess.run(
            ["/bin/sh", "-c", self.line()], env=environment, cwd="/", umask=umask,
            stdin=subprocess.DEVNULL, capture_output=True, encoding="utf-8", check=False, start_new_session=True,
        )  # fmt: skip
        return ended.returncode, ended.stdout, ended.stderr

    def outcomes(self) -> list[str]:
        text = (self.root / "var/log/form1/run.jsonl").read_text(encoding="utf-8")
        return [
            line["outcome"] for line in map(json.loads, text.splitlines()) if line["event"] in {"published", "ended"}
        ]
