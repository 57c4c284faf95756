"""`form1 run`: what is owed is built, nobody watching; silent when all is well, one line when it is not."""

from __future__ import annotations

import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from form1 import __version__, clock, events, glance, hooks, locking
from form1.cli.options import Call, shared
from form1.folders import data_folder

if TYPE_CHECKING:
    from datetime import datetime

    from form1.runs.unattended import Outcome, Result

_CONFIGURATION: Final = Path("form1.toml")
_HOOK: Final = {0: "success", 3: "rejection"}
"""The hook for an exit code; every other is a failure."""


@dataclass(frozen=True)
class Places:
    """Where the run reads and writes, told from the configuration before anything heavy is loaded."""

    configuration: bytes
    exports: Path
    output: Path
    reference: Path | None
    log: Path
    hooks: dict[str, Any]


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
    with locking.hold(places.output, "form1 run", now):
        log = events.Log(places.log, events.run_id(now), now)
        try:
            parts = _parts(call, places)
            if not verbose and glance.recall(places.output, now) == glance.seal(parts):
                log.write("ended", "nothing_to_do", exit_code=0)
                code, told = 0, {"outcome": "nothing_to_do", "exit_code": 0, "periods": []}
                line = ""
            else:
                glance.forget(places.output)
                code, told, line = _run(call, places, log, now, parts, verbose)
            line = "; ".join(filter(None, (line, _tell(places, log, code, told), log.broken)))
        finally:
            log.close()
    if line:
        click.echo(f"form1 run: {line}. Log: {places.log}, run {log.run}", err=True)
    return code


def _places(call: Call) -> Places | None:
    """Read the few entries that are needed before the lock; None when the full reading has to say what is wrong."""
    path = call.config or _CONFIGURATION
    try:
        content = path.read_bytes() if call.config or path.is_file() else b""
        said = tomllib.loads(content.decode())
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
        )
    except (OSError, ValueError, TypeError, AttributeError):
        return None


def _parts(call: Call, places: Places) -> dict[str, str]:
    """Everything that decides what a run finds to do, but the day."""
    return {
        "program": __version__,
        "configuration": places.configuration.decode(errors="replace"),
        "call": repr([str(value) for value in (places.exports.resolve(), call.lang, places.reference)]),
        "reference": glance.contents(places.reference or data_folder("reference")),
        "templates": glance.contents(data_folder("templates")),
        "exports": glance.contents(places.exports),
        "archive": glance.archive(places.output),
    }


def _run(
    call: Call, places: Places, log: events.Log, now: datetime, parts: dict[str, str], verbose: bool
) -> tuple[int, dict[str, object], str]:
    """Run in full and return the exit code, what hooks are told, and the line for the operator."""
    from datetime import datetime, time

    from form1.configuration import read_configuration
    from form1.errors import Form1Error
    from form1.texts import plain

    try:
        settings = call.settle()
        configuration = read_configuration(call.config)
        from form1.periods import Period
        from form1.runs.build import Order
        from form1.runs.unattended import Round, run
        from form1.runs.unattended_wording import attention, table

        order = Order(
            settings.form, Period(now.year), settings.exports, settings.output, settings.language,
            settings.signatories, now, settings.signing,
        )  # fmt: skip
        outcome = run(Round(order, configuration.calendar, configuration.run, log.run), log)
    except Form1Error as error:
        log.write("ended", "failed", exit_code=error.exit_code, why=str(error))
        return (
            error.exit_code,
            {"outcome": "failed", "exit_code": error.exit_code, "why": str(error)},
            plain(str(error)),
        )
    code = outcome.exit_code
    log.write("ended", _HOOK.get(code, "failure"), exit_code=code)
    if verbose or sys.stdout.isatty():
        for row in table(settings.form, settings.language, outcome):
            click.echo(row)
    if outcome.is_quiet:
        until = datetime.combine(outcome.until, time(), now.tzinfo)
        glance.leave(places.output, glance.seal({**parts, "archive": glance.archive(places.output)}), now, until)
    return code, _told(outcome), attention(settings.form, settings.language, outcome)


def _told(outcome: Outcome) -> dict[str, object]:
    """What a hook gets to know: how each period ended and where its files stand; no figures and no names."""

    def told(result: Result) -> dict[str, object]:
        return {
            "period": str(result.period),
            "state": str(result.state),
            "deadline": result.obligation.deadline.isoformat(),
            "stage": str(result.obligation.stage),
            "verdict": str(result.submission.verdict) if result.submission else "",
            "edition": str(result.edition or ""),
            "report": str(result.report or ""),
            "why": result.why,
        }

    return {
        "outcome": _HOOK.get(outcome.exit_code, "failure"),
        "exit_code": outcome.exit_code,
        "periods": [told(result) for result in outcome.results],
    }


def _tell(places: Places, log: events.Log, code: int, told: dict[str, Any]) -> str:
    """Call the hook for how the run ended; return what went wrong with it, which harms nothing."""
    name = _HOOK.get(code, "failure")
    if name == "success" and any(_is_warning(period) for period in told.get("periods", ())):
        name = "warning" if places.hooks.get("warning") else name
    hook = places.hooks.get(name)
    if not hook:
        return ""
    limit = places.hooks.get("time_limit", 30)
    fault = hooks.call(hook, {"run": log.run, "hook": name, "output": str(places.output), **told}, limit)
    log.write("hook", "failed" if fault else "done", hook=name, why=fault)
    return f"hook {name} {fault}" if fault else ""


def _is_warning(period: dict[str, str]) -> bool:
    """New editions with warnings, and forms whose deadline draws near."""
    new = period["state"] in {"built", "revised"} and period["verdict"] == "accepted_with_warnings"
    return new or (period["state"] == "awaited" and period["stage"] == "notice")
