"""`form1 doctor`: whether this machine and this definition can make a form, one line each with the remedy."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from form1.cli.options import Call, shared

if TYPE_CHECKING:
    from form1.definition.configuration import Signing

_PYTHON = (3, 11)


class Diagnosis(NamedTuple):
    """What was looked at, whether it is well, what was seen, and what to do when it is not."""

    subject: str
    well: bool
    seen: str
    remedy: str = ""


@click.command("doctor")
@shared
def command(call: Call) -> int:
    """Look at Python, Pango, the fonts and their letters, a page, the output folder, the time zone and reference/.

    With a configuration also at the folder of exports, the log and the programs of the hooks; where editions are
    signed, at the certificate: whose it is, and for how many days it is in force. Prints one line each, with the
    remedy where something is missing. Exit code 4 when something is.
    """
    from form1.definition.configuration import DEFAULT_FILE, read_configuration

    configuration = read_configuration(call.config)
    folder = call.output or configuration.output
    checks: list[Callable[[], Diagnosis]] = [
        _python,
        _libraries,
        _pango,
        _font,
        _page,
        lambda: _output(folder),
        _zone,
        lambda: _definition(call.reference or configuration.reference),
    ]
    if call.config is not None or DEFAULT_FILE.is_file():  # an office: its run reads exports, writes a log, calls hooks
        exports, log = call.exports or configuration.exports, configuration.log.file or folder / "log" / "run.jsonl"
        hooks = configuration.hooks
        commands = [hooks.success, hooks.warning, hooks.rejection, hooks.failure]
        checks += [lambda: _exports(exports), lambda: _log(log), lambda: _hooks([c[0] for c in commands if c])]
    settings = configuration.signing
    if settings is not None:
        checks.append(lambda: _signing(settings))
    diagnoses = [check() for check in checks]
    for line in _lines(diagnoses):
        click.echo(line)
    return 0 if all(diagnosis.well for diagnosis in diagnoses) else 4


def _lines(diagnoses: list[Diagnosis]) -> Iterator[str]:
    for diagnosis in diagnoses:
        mark = "ok     " if diagnosis.well else "MISSING"
        remedy = f" — {diagnosis.remedy}" if diagnosis.remedy and not diagnosis.well else ""
        yield f"{mark} {diagnosis.subject}: {diagnosis.seen}{remedy}"


def _python() -> Diagnosis:
    seen = ".".join(str(part) for part in sys.version_info[:3])
    return Diagnosis("Python", sys.version_info >= _PYTHON, seen, "install Python 3.11 or newer")


def _libraries() -> Diagnosis:
    from importlib.metadata import PackageNotFoundError, version

    names = ("polars", "pandera", "openpyxl", "jinja2", "weasyprint", "pydantic", "babel")
    try:
        return Diagnosis("libraries", True, ", ".join(f"{name} {version(name)}" for name in names))
    except PackageNotFoundError as error:
        return Diagnosis("libraries", False, f"{error.name} is not installed", "pip install -r requirements/run.txt")


def _pango() -> Diagnosis:
    from form1.core.errors import MachineError
    from form1.render.page.engine import pango_version

    try:
        return Diagnosis("Pango", True, pango_version())
    except MachineError as error:
        return Diagnosis("Pango", False, str(error))


def _font() -> Diagnosis:
    from form1.core.errors import MachineError
    from form1.render.page.fonts import missing_letters

    try:
        missing = missing_letters()
    except MachineError as error:
        return Diagnosis("font", False, str(error))
    seen = f"lacks {' '.join(missing)}" if missing else "has Ə ə Ğ ğ İ ı Ş ş and Cyrillic"
    return Diagnosis("font", not missing, seen, "pip install font-source-sans-pro")


def _page() -> Diagnosis:
    """A page is drawn, by all libraries that should draw it, and they print nothing."""
    from form1.core.errors import MachineError
    from form1.render.page.engine import lacking, noise

    try:
        said, lacks = noise(), lacking()
    except MachineError as error:
        return Diagnosis("page", False, str(error))
    if lacks:
        return Diagnosis("page", False, lacks)
    return Diagnosis(
        "page", not said, said or "can be drawn", "a library prints this on stderr of every build: mend it"
    )


def _output(folder: Path) -> Diagnosis:
    from form1.archive import locking

    try:
        existing = _nearest(folder)
        if owner := locking.other_owner(existing.stat().st_uid):
            seen = f"{folder} belongs to {owner}, and this is root"
            return Diagnosis("output folder", False, seen, f"call as that user (runuser -u {owner} -- form1 …)")
        with tempfile.TemporaryDirectory(dir=existing, prefix=".form1-"):
            return Diagnosis("output folder", True, f"{folder} can be written")
    except OSError as error:
        return Diagnosis(
            "output folder",
            False,
            f"{folder}: {error.strerror}",
            "give a folder that this user may write (--output)",
        )


def _nearest(path: Path) -> Path:
    """The path itself, or the folder above it in which it would be made."""
    return next((place for place in (path, *path.resolve().parents) if place.exists()), Path("/"))


def _exports(folder: Path) -> Diagnosis:
    from form1.core.periods import is_period

    try:
        found = [path.name for path in folder.iterdir() if is_period(path.name)]
        for name in found:
            next((folder / name).iterdir(), None)
    except OSError as error:
        seen = f"{error.filename or folder} cannot be read: {error.strerror}"
        return Diagnosis("exports", False, seen, "mount it, let this user read it, or name another (exports)")
    return Diagnosis("exports", True, f"{folder} can be read, periods: {len(found)}")


def _log(file: Path) -> Diagnosis:
    try:
        place = _nearest(file)
        well = os.access(place, os.W_OK) and (place == file) == place.is_file()
    except OSError:
        well = False
    seen = f"{file} {'can' if well else 'cannot'} be written"
    return Diagnosis("log", well, seen, "name a file that this user may write ([log] file)")


def _hooks(programs: list[str]) -> Diagnosis:
    lacking = sorted({program for program in programs if shutil.which(program) is None})
    if lacking:
        remedy = "write whole paths of programs that this user may run ([hooks])"
        return Diagnosis("hooks", False, f"cannot be run: {', '.join(lacking)}", remedy)
    return Diagnosis("hooks", True, f"{len(set(programs))} programs" if programs else "none")


def _zone() -> Diagnosis:
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return Diagnosis("time zone", True, str(ZoneInfo("Asia/Baku")))
    except ZoneInfoNotFoundError:
        return Diagnosis("time zone", False, "Asia/Baku is unknown", "pip install tzdata")


def _signing(settings: Signing) -> Diagnosis:
    from zoneinfo import ZoneInfo

    from form1.archive import signing
    from form1.core.errors import Form1Error
    from form1.core.literal import plain

    try:
        if settings.certificate is None:
            trusted = len(signing.Trust.of(settings).certificates())
            return Diagnosis("signing", True, f"signatures are checked by {trusted} trusted certificates, none is made")
        ability = signing.able(settings, now=datetime.now(ZoneInfo("Asia/Baku")))
    except Form1Error as error:
        return Diagnosis("signing", False, str(error))
    if (secret := signing.exposed(settings)) is not None:
        return Diagnosis("signing", False, f"every user can read {secret}", f"chmod 640 {secret}")
    return Diagnosis("signing", True, f"certificate of {plain(ability.signer)}, in force for {ability.days} days")


def _definition(reference: Path | None) -> Diagnosis:
    from form1.core.errors import DefinitionError
    from form1.definition import load
    from form1.definition.audit.form import audit
    from form1.definition.load import annexes_of

    try:
        form = load(reference)
    except DefinitionError as error:
        return Diagnosis("reference", False, str(error), "mend the file that is named")
    faults = audit(form)
    try:
        faults += [
            f"annex {name}: {fault}" for name in annexes_of(form.folder) for fault in audit(load(reference, [name]))
        ]
    except DefinitionError as error:
        faults.append(str(error))
    if faults:
        return Diagnosis("reference", False, " / ".join(faults), "mend the files that are named")
    rules = len(form.rulebook.rule) + len(form.rulebook.derived)
    return Diagnosis(
        "reference",
        True,
        f"{len(form.tables)} tables, {len(form.codelists)} code lists, {rules} rules, {len(form.notes)} notes, "
        f"{len(form.versions)} versions of the form",
    )
