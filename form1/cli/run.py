"""`form1 run`: what is owed is built, nobody watching; silent when all is well, one line when it is not."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from form1 import __version__
from form1.archive import locking
from form1.cli.options import Call, shared
from form1.core import clock
from form1.core.errors import Form1Error, LockedError
from form1.core.folders import data_folder
from form1.unattended import events

if TYPE_CHECKING:
    pass

_CONFIGURATION: Final = Path("form1.toml")


@dataclass(frozen=True)
class Places:
    """Where the run reads and writes, told from the configuration before anything heavy is loaded."""

    configuration: bytes
    exports: Path
    output: Path
    reference: Path | None
    log: Path
    hooks: dict[str, Any]
    office: Path | None = None
    approval: bool = False


@click.command("run")
@shared
@click.option("--verbose", is_flag=True, help="Say what became of each period, also when all is well.")
def command(call: Call, verbose: bool) -> int:
    """Build what is owed: every ended period whose form is missing or whose exports have changed. For cron.

    Prints nothing when all is well and one line on stderr when it is not; the log has the rest. Exit codes: 0 done or
    nothing to do; 3 a form was rejected; 4 something is missing or in the way, or a deadline is near and there are no
    exports; 5 another run is at work.
    """
    now = clock.now()
    places = _places(call)
    if places is None:
        call.settle()  # says what is wrong with the configuration
        places = _places(call)
        assert places is not None
    log = events.Log(places.log, events.run_id(now), now)
    try:
        with locking.hold(places.output, "form1 run", now):
            log.open()
            ended = _night(call, places, log, verbose)
    except LockedError:
        raise
    except Form1Error as error:
        ended = _failed(error.exit_code, str(error))
    except Exception as error:
        # A bug too is told to whoever watches; the line for the operator is written where all bugs are.
        log.write("ended", "failed", exit_code=1, why=type(error).__name__)
        _tell(places, log, _failed(1, type(error).__name__))
        raise
    # Outside the lock: the office's command may look at the archive, or take its time.
    line = "; ".join(filter(None, (ended.line.rstrip("."), _tell(places, log, ended), _lacking(), log.broken)))
    where = f". Log: {places.log}, run {log.run}" if log.is_open else ""
    log.close()
    if line:
        click.echo(f"form1 run: {line}{where}", err=True)
    return ended.code


def _lacking() -> str:
    """What the machine lacks for pages; empty, at no cost, for a run that drew none."""
    if "weasyprint" not in sys.modules:
        return ""
    from form1.render.page.engine import lacking

    return lacking().rstrip(".")


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code, what a hook is told, and the line for the operator, empty when all is well."""

    code: int
    told: dict[str, Any]
    line: str = ""


def _failed(code: int, why: str) -> Ended:
    from form1.core.literal import plain

    return Ended(code, {"outcome": "failed", "exit_code": code, "why": why}, plain(why))


def _night(call: Call, places: Places, log: events.Log, verbose: bool) -> Ended:
    """Look whether anything has changed, and run in full when it has. The caller holds the lock."""
    from form1.unattended import last_run

    parts = _parts(call, places)
    if not verbose and last_run.recall(places.output, log.now) == last_run.combined(parts):
        log.write("ended", "nothing_to_do", exit_code=0)
        return Ended(0, {"outcome": "nothing_to_do", "exit_code": 0, "periods": []})
    last_run.forget(places.output)
    return _run(call, places, log, parts, verbose)


def _places(call: Call) -> Places | None:
    """Read the few entries that are needed before the lock; None when the full reading has to say what is wrong."""
    path = call.config or _CONFIGURATION
    try:
        content = path.read_bytes() if call.config or path.is_file() else b""
        said = tomllib.loads(content.decode("utf-8-sig"))
        beside = path.parent
        output = call.output or beside / said.get("output", "output")
        reference = call.reference or (beside / said["reference"] if "reference" in said else None)
        log = said.get("log", {}).get("file")
        return Places(
            content,
            call.exports or beside / said.get("exports", "exports"),
            output,
            reference,
            beside / log if log else output / "log" / "run.jsonl",
            dict(said.get("hooks", {})),
            call.office or (beside / said["office"] if "office" in said else None),
            bool(said.get("approval", {}).get("required", False)),
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _parts(call: Call, places: Places) -> dict[str, str]:
    """Everything that decides what a run finds to do, but the day."""
    from form1.unattended import last_run

    return {
        "program": __version__,
        "configuration": places.configuration.decode(errors="replace"),
        "call": repr([str(value) for value in (places.exports.resolve(), call.lang, places.reference, *call.annex)]),
        "reference": last_run.contents(places.reference or data_folder("reference")),
        "templates": last_run.contents(data_folder("templates")),
        "office": last_run.contents(places.office) if places.office else "",
        "exports": last_run.contents(places.exports),
        **_stands(places),
    }


def _stands(places: Places) -> dict[str, str]:
    """What a run leaves behind: the editions and, where they are signed off first, the drafts."""
    from form1.unattended import last_run

    drafts = last_run.contents(places.output / last_run.DRAFTS) if places.approval else ""
    return {"archive": last_run.archive(places.output), "drafts": drafts}


def _run(call: Call, places: Places, log: events.Log, parts: dict[str, str], verbose: bool) -> Ended:
    """Run in full."""
    from datetime import datetime, time

    from form1.definition.configuration import read_configuration
    from form1.unattended import last_run

    now = log.now
    try:
        settings = call.settle()
        configuration = read_configuration(call.config)
        from form1.build.recipe import BuildOrder
        from form1.core.periods import Period
        from form1.unattended.recipe import RunOrder, run
        from form1.unattended.wording import attention, table

        order = BuildOrder(
            form=settings.form,
            period=Period(now.year),
            exports=settings.exports,
            output=settings.output,
            language=settings.language,
            signatories=settings.signatories,
            now=now,
            signing=settings.signing,
            approval=settings.approval,
        )
        outcome = run(RunOrder(order, configuration.calendar, configuration.run, log.run), log)
    except Form1Error as error:
        log.write("ended", "failed", exit_code=error.exit_code, why=str(error))
        return _failed(error.exit_code, str(error))
    code = outcome.exit_code
    log.write("ended", outcome.name, exit_code=code)
    if verbose or sys.stdout.isatty():
        for row in table(settings.form, settings.language, outcome):
            click.echo(row)
    if outcome.is_quiet:
        until = datetime.combine(outcome.until, time(), now.tzinfo)
        last_run.keep(places.output, last_run.combined({**parts, **_stands(places)}), now, until)
    return Ended(code, outcome.as_json(), attention(settings.form, settings.language, outcome))


def _tell(places: Places, log: events.Log, ended: Ended) -> str:
    from form1.unattended import hooks

    return hooks.tell(places.hooks, places.output, ended.code, ended.told, log)
