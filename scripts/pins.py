"""Write requirements/*.txt: the exact versions of everything that is installed, and the sha256 of their files.

    python scripts/pins.py           the newest versions within the bounds of pyproject.toml (`make pins`)
    python scripts/pins.py --keep    stays with the versions that are pinned, as far as the bounds allow

A package has one version for every supported Python, so that the same inputs give the same bytes on each. The hashes
are those of its source and of its wheels for CPython on Linux with glibc, x86-64 and ARM. Runs in an environment that
has requirements/packaging.txt. Packages come from where pip is told to take them; no host is written down.
"""

import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from packaging.markers import Marker
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

Package = dict[str, Any]
"""One package of a lock file: name, version, marker, source and wheels."""

REPOSITORY = Path(__file__).resolve().parents[1]
REQUIREMENTS = REPOSITORY / "requirements"
HEAD = (
    "# Exact versions of the full closure with the hashes of their files, written by `make pins` from pyproject.toml.\n"
)
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = ("x86_64", "aarch64")
BACKEND = "hatchling\neditables\n"  # what an installation in place needs: build.txt
FILES = {
    "run": (),
    "causes": ("--extra=causes",),
    "duckdb": ("--extra=duckdb",),
    "sign": ("--extra=sign",),
    "spark": ("--extra=spark",),
    "dev": ("--extra=causes", "--extra=duckdb", "--extra=sign", "--group=pyproject.toml:dev"),
}
"""What each file holds beyond the dependencies of form1; all but the first leave out what run.txt has."""


def resolve(*what: str, within: Sequence[Path] = ()) -> list[Package]:
    """Return the packages that `uv pip compile` finds for every Python and machine; `within` bounds their versions."""
    with tempfile.TemporaryDirectory() as folder:
        lock = Path(folder) / "pylock.toml"
        bounds = [f"--constraint={file}" for file in within]
        command = ["uv", "pip", "compile", "--quiet", "--universal", f"--python-version={PYTHONS[0]}"]
        command += ["--fork-strategy=fewest", "--format=pylock.toml", f"--output-file={lock}", *bounds, *what]
        if subprocess.run(command, cwd=REPOSITORY, env=os.environ | index(), check=False).returncode:
            sys.exit("form1: no versions agree; see the lines above and the bounds in pyproject.toml")
        packages: list[Package] = tomllib.loads(lock.read_text(encoding="utf-8"))["packages"]
    return [package for package in packages if package["name"] != "form1" and wanted(package)]


def index() -> dict[str, str]:
    """Return the index that pip is told to use, if any, as the variable that uv reads."""
    asked = [sys.executable, "-m", "pip", "config", "get", "global.index-url"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    url = os.environ.get("PIP_INDEX_URL", told)
    return {"UV_DEFAULT_INDEX": url} if url else {}


def wanted(package: Package) -> set[bool]:
    """Return {True} for a package that every supported machine needs, {True, False} where some do, nothing for none."""
    marker = Marker(package.get("marker", "python_version > '3'"))
    machines = [
        {
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "sys_platform": "linux",
            "platform_system": "Linux",
            "os_name": "posix",
            "platform_machine": machine,
            "python_version": python,
            "python_full_version": f"{python}.0",
        }
        for python in PYTHONS
        for machine in MACHINES
    ]
    found = {marker.evaluate(machine) for machine in machines}
    return found if True in found else set()


def installable(wheel: Package) -> bool:
    """Say whether a wheel is for CPython on Linux with glibc, x86-64 or ARM."""
    try:
        tags = parse_wheel_filename(wheel.get("name") or wheel["url"].rsplit("/", 1)[-1])[3]
    except InvalidWheelFilename:
        return False
    numbers = {python.replace(".", "") for python in PYTHONS}
    return any(
        (tag.interpreter == "py3" or tag.interpreter[2:] in numbers or tag.abi == "abi3")
        and not tag.abi.endswith("t")  # of a Python without the lock
        and not tag.interpreter.startswith("pp")
        and (tag.platform == "any" or ("linux" in tag.platform and tag.platform.endswith(MACHINES)))
        and not tag.platform.startswith("musllinux")
        for tag in tags
    )


def requirement(package: Package) -> str:
    """Return the lines of a package: name, version, a marker where only some machines need it, hashes."""
    files = [wheel for wheel in package.get("wheels", []) if installable(wheel)]
    files += [package["sdist"]] if "sdist" in package else []
    hashes = sorted({file["hashes"]["sha256"] for file in files})
    if not hashes:
        sys.exit(
            f"form1: {package['name']} {package['version']} has no file for these machines; bound it in pyproject.toml"
        )
    marker = f" ; {package['marker']}" if wanted(package) == {True, False} else ""
    lines = [f"{package['name']}=={package['version']}{marker}", *(f"--hash=sha256:{digest}" for digest in hashes)]
    return " \\\n    ".join(lines) + "\n"


def write(name: str, packages: Sequence[Package], *, beside: Sequence[Package] = ()) -> None:
    """Write a file of requirements; what stands in `beside`, those of run.txt, is taken from there."""
    known = {package["name"] for package in beside}
    lines = [requirement(package) for package in packages if package["name"] not in known]
    first = HEAD + ("-r run.txt\n" if beside else "")
    (REQUIREMENTS / f"{name}.txt").write_text(first + "".join(lines), encoding="utf-8")


def main(keep: bool) -> None:
    """Renew every file of requirements/."""
    with tempfile.TemporaryDirectory() as folder:
        pinned, together, backend = (Path(folder) / name for name in ("pinned.txt", "together.txt", "backend.txt"))
        backend.write_text(BACKEND, encoding="utf-8")
        texts = [file.read_text(encoding="utf-8") for file in REQUIREMENTS.glob("*.txt")]
        pins = [line.split()[0] for text in texts for line in text.splitlines() if "==" in line]
        pinned.write_text("\n".join(sorted(set(pins))) + "\n", encoding="utf-8")
        before = [pinned] if keep else []

        everything = resolve("pyproject.toml", "--extra=spark", *FILES["dev"], within=before)
        pins = [f"{package['name']}=={package['version']}" for package in everything]
        together.write_text("\n".join(pins) + "\n", encoding="utf-8")
        run = resolve("pyproject.toml", within=[together])
        for name, more in FILES.items():
            packages = resolve("pyproject.toml", *more, within=[together])
            write(name, packages, beside=run if more else ())
        write("build", resolve(str(backend), within=before))
        write("packaging", resolve("--group=pyproject.toml:packaging", within=before))


if __name__ == "__main__":
    main(keep=sys.argv[1:] == ["--keep"])
