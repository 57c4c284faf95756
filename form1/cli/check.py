"""`form1 check WORKBOOK`: a verdict on a received form, every fault at its cell, the causes first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call

if TYPE_CHECKING:
    from form1.check.reception import Entered
    from form1.check.recipe import Checked, CheckOrder
    from form1.cli.options import Settings
    from form1.model.forms import Received


@click.command("check")
@click.argument("workbook", type=click.Path(path_type=Path))
@click.option(
    "--output", type=click.Path(path_type=Path), help="Folder for the results; without it nothing is written."
)
@click.option("--lang", type=click.Choice(["az", "en", "ru"]), help="Language of the findings.")
@click.option(
    "--format", "shape", type=click.Choice(["text", "json"]), default="text", help="How the result is printed."
)
@click.option(
    "--against", type=click.Path(path_type=Path), help="The workbook sent before: what was fixed, what is new."
)
@click.option("--accepted", type=click.Path(path_type=Path), help="File of accepted warnings (accepted.toml).")
@click.option("--period", help="Period of the form, where the workbook does not say it.")
@click.option("--editions", type=click.Path(path_type=Path), help="Published editions of earlier periods.")
@click.option("--exports", type=click.Path(path_type=Path), help="Exports of earlier periods.")
@click.option(
    "--register", type=click.Path(path_type=Path), help="Register of receptions: what came is recorded there."
)
@click.option("--sender", help="Who sent the workbook, for the register.")
@click.option("--letter", is_flag=True, help="In a folder, write the letter as PDF, too (beside the text).")
@click.option("--config", type=click.Path(path_type=Path), help="Configuration (default: form1.toml, if there).")
@click.option("--reference", type=click.Path(path_type=Path), help="Definition (default: the installed one).")
@click.option("--annex", multiple=True, metavar="NAME", help="Annex the form must have (one that it has is found).")
def command(
    workbook: Path,
    output: Path | None,
    lang: str | None,
    shape: str,
    against: Path | None,
    accepted: Path | None,
    period: str | None,
    editions: Path | None,
    exports: Path | None,
    register: Path | None,
    sender: str | None,
    letter: bool,
    config: Path | None,
    reference: Path | None,
    annex: tuple[str, ...],
) -> int:
    """Judge WORKBOOK, a received form, or every workbook in a folder.

    Prints the verdict, the causes, and every finding at its cell. With --output it also writes the sender's workbook
    with the cells marked, an error workbook, an offline page, a letter to the sender, findings.json, cells.csv and a
    receipt. With --register the reception is recorded for good, and accepted forms are the earlier periods. Exit code
    0 accepted, 3 rejected, 4 not readable, 5 another call holds the register.
    """
    settings = Call(exports, editions, lang, config, reference, annex).settle(configured_annexes=False)
    from dataclasses import replace

    from form1.check.recipe import CheckOrder
    from form1.core import clock
    from form1.core.errors import SourceError, UsageError
    from form1.core.periods import Period
    from form1.definition.acceptance import read_acceptances

    order = CheckOrder(
        form=settings.form,
        workbook=workbook,
        now=clock.now(),
        language=settings.language,
        period=Period.parse(period) if period else None,
        exports=settings.exports,
        editions=settings.output,
        acceptances=read_acceptances(accepted or settings.accepted),
        against=against,
        results=output,
        register=register or settings.register,
        sender=sender,
    )
    if settings.calendar is not None and settings.letter is not None:
        order = replace(order, calendar=settings.calendar, letter=settings.letter)
    try:
        is_folder, is_there = workbook.is_dir(), workbook.exists()
    except OSError as error:
        raise SourceError(f"{workbook.name[:80]} cannot be opened: {error.strerror}.") from None
    if is_folder and against is not None:
        raise UsageError("--against goes with one workbook, not with a folder.")
    if not is_there:
        raise SourceError(f"no file {workbook}.")
    if order.register is None:
        return _judge(settings, order, shape, is_folder, letter)
    from form1.archive import locking, receptions

    with locking.hold(order.register, "form1 check", order.now):
        receptions.mend(receptions.Register(order.register), order.now)
        return _judge(settings, order, shape, is_folder, letter)


def _judge(settings: Settings, order: CheckOrder, shape: str, is_folder: bool, letter: bool) -> int:
    """Judge one workbook or a folder; where there is a register, its lock is held."""
    from dataclasses import replace

    from form1.check.recipe import check

    if is_folder:
        return _check_folder(settings, replace(order, letter_as_pdf=letter), shape)
    checked = check(order)
    entered = None
    if order.register is not None and checked.arrival is not None:
        from form1.check import reception

        entered = reception.record(order.register, checked.arrival, checked.kept, order.now)
    if shape == "json":
        click.echo(json.dumps(_as_json(checked, entered), ensure_ascii=False, indent=1))
    else:
        _show(settings, checked)
        for line in entered.in_words(settings.form, settings.language) if entered is not None else ():
            click.echo(line)
    return _exit_code(checked)


def _exit_code(checked: Checked) -> int:
    if checked.received is None:
        return 4
    return 3 if checked.received.verdict == "rejected" else 0


def _check_folder(settings: Settings, order: CheckOrder, shape: str) -> int:
    """One line for each workbook, and a summary; the worst exit code."""
    from form1.check.folder import check_all

    checked = list(check_all(order))
    if not checked:
        from form1.core.errors import SourceError

        raise SourceError(f"{order.workbook} holds no workbook (.xlsx).")
    if shape == "json":
        click.echo(json.dumps([line.as_json() for line in checked], ensure_ascii=False, indent=1))
    word, language = settings.form.word, settings.language
    for line in checked if shape == "text" else ():
        found = f" ({word('errors', language)}: {line.errors}, {word('warnings', language)}: {line.warnings})"
        click.echo(f"{line.file}: {word(line.verdict, language)}{found if not line.refusal else f': {line.refusal}'}")
        for told in line.entered.in_words(settings.form, language) if line.entered is not None else ():
            click.echo(f"  {told}")
    if shape == "text":
        verdicts = [line.verdict for line in checked]
        kinds = ", ".join(f"{word(kind, language)}: {verdicts.count(kind)}" for kind in dict.fromkeys(verdicts))
        click.echo(f"{word('total', language)}: {len(checked)} ({kinds})")
    return max(line.exit_code for line in checked)


def _show(settings: Settings, checked: Checked) -> None:
    from form1.core.literal import plain

    word, language = settings.form.word, settings.language
    received = checked.received
    if received is None:
        click.echo(f"{plain(checked.workbook.name)}: {word('refused', language)}: {checked.refusal}")
        _show_folder(settings, checked)
        return
    for line in _causes(settings, received):
        click.echo(line)
    for line in _findings(settings, received):
        click.echo(line)
    for line in _progress(settings, received):
        click.echo(line)
    for line in _not_evaluated(settings, received):
        click.echo(line)
    counts = ", ".join(
        f"{word(heading, language)}: {_count(received, severity)}"
        for severity, heading in (("error", "errors"), ("warning", "warnings"), ("information", "informations"))
    )
    click.echo(f"{plain(received.file.name)} ({received.period}): {word(received.verdict, language)} ({counts})")
    _show_folder(settings, checked)


def _show_folder(settings: Settings, checked: Checked) -> None:
    if checked.folder is not None:
        click.echo(f"{settings.form.word('results_in', settings.language)}: {checked.folder}")


def _causes(settings: Settings, received: Received) -> Iterator[str]:
    from form1.views.causes import cause_in_words

    word, language = settings.form.word, settings.language
    if received.causes.causes or received.causes.status in {"causes_time_limit", "causes_not_available"}:
        yield f"== {word('causes', language)}: {word(received.causes.status, language)}"
    for number, cause in enumerate(received.causes.causes, start=1):
        mended = sum(1 for position in received.cause_of.values() if position == number - 1)
        yield f"{number}. {cause_in_words(received, cause)} [{word('findings', language)}: {mended}]"


def _findings(settings: Settings, received: Received) -> Iterator[str]:
    from form1.views.findings import sentence

    word, language = settings.form.word, settings.language
    for heading, formal in (("formal_errors", True), ("content_errors", False)):
        chosen = [(n, f) for n, f in enumerate(received.findings) if (f.level == 0) is formal]
        if chosen:
            yield f"== {word(heading, language)}"
        for number, finding in chosen:
            cause = received.cause_of.get(number)
            tail = f" [{word('cause', language)} {cause + 1}]" if cause is not None else ""
            is_new = received.progress is not None and number in received.progress.new
            new = f" [{word('new', language)}]" if is_new else ""
            known = f" [{word('known', language)}: {finding.accepted}]" if finding.accepted else ""
            yield f"{word(finding.severity, language)}: {sentence(received, finding)}{tail}{known}{new}"


def _progress(settings: Settings, received: Received) -> Iterator[str]:
    word, language = settings.form.word, settings.language
    if received.progress is None:
        return
    progress = received.progress
    yield (
        f"== {word('fixed', language)}: {len(progress.fixed)}, {word('new', language)}: {len(progress.new)}, "
        f"{word('still_open', language)}: {len(progress.still_open)}"
    )
    for text in progress.fixed:
        yield f"{word('fixed', language)}: {text}"


def _not_evaluated(settings: Settings, received: Received) -> Iterator[str]:
    word, language = settings.form.word, settings.language
    blocked = [result for result in received.results if result.outcome == "not_evaluated"]
    if blocked:
        yield f"== {word('not_evaluated', language)}: {len(blocked)}"
    reasons: dict[str, list[str]] = {}
    for result in blocked:
        reason = result.blocked_by.of(language) if result.blocked_by else ""
        reasons.setdefault(reason, []).append(result.rule)
    for reason, rules in reasons.items():
        yield f"{', '.join(rules)}: {reason}"


def _count(received: Received, severity: str) -> int:
    return sum(finding.severity == severity and not finding.accepted for finding in received.findings)


def _as_json(checked: Checked, entered: Entered | None = None) -> dict[str, object]:
    from form1.render.data import findings_json
    from form1.views.causes import cause_in_words

    received = checked.received
    if received is None:
        refused: dict[str, object] = {"file": checked.workbook.name, "verdict": "refused", "refusal": checked.refusal}
        return {**refused, "reception": entered.as_json()} if entered is not None else refused
    return {
        "file": received.file.name,
        "sha256": received.file.sha256,
        "period": str(received.period),
        "verdict": str(received.verdict),
        "errors": _count(received, "error"),
        "warnings": _count(received, "warning"),
        "results": str(checked.folder) if checked.folder else None,
        **({"reception": entered.as_json()} if entered is not None else {}),
        "causes": {
            "status": str(received.causes.status),
            "causes": [
                {
                    "kind": cause.kind,
                    "says": cause_in_words(received, cause),
                    "cells": [
                        {"address": "/".join(item.address), "value": item.value, "would_be": item.would_be}
                        for item in cause.amendments
                    ],
                }
                for cause in received.causes.causes
            ],
        },
        "progress": _progress_json(received),
        "findings": json.loads(findings_json(received)),
    }


def _progress_json(received: Received) -> dict[str, object] | None:
    """What a resubmission has changed: sentences that no longer hold, and the ids of findings that are new or open."""
    progress = received.progress
    if progress is None:
        return None
    ids = {
        name: [f"F{place + 1:05d}" for place in sorted(places)]
        for name, places in (
            ("new", progress.new),
            ("still_open", progress.still_open),
        )
    }
    return {"fixed": list(progress.fixed), **ids}
