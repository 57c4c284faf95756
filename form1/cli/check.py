"""`form1 check WORKBOOK`: a verdict on a received form, every fault at its cell, the causes first."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from form1.cli.options import Call

if TYPE_CHECKING:
    from form1.check.recipe import Checked, CheckOrder
    from form1.cli.options import Settings
    from form1.model.judgement import Judgement


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
    config: Path | None,
    reference: Path | None,
    annex: tuple[str, ...],
) -> int:
    """Judge WORKBOOK, a received form, or every workbook in a folder.

    Prints the verdict, the causes, and every finding at its cell. With --output it also writes the sender's workbook
    with the cells marked, an error workbook, an offline page, findings.json, cells.csv and a receipt. Exit code 0
    accepted, 3 rejected, 4 not readable.
    """
    settings = Call(exports, editions, lang, config, reference, annex).settle(configured_annexes=False)
    from form1.check.recipe import CheckOrder
    from form1.core import clock
    from form1.core.errors import SourceError, UsageError
    from form1.core.periods import Period
    from form1.definition.acceptance import read_acceptances

    order = CheckOrder(
        settings.form,
        workbook,
        clock.now(),
        settings.language,
        Period.parse(period) if period else None,
        settings.exports,
        settings.output,
        read_acceptances(accepted or settings.accepted),
        against,
        output,
    )
    try:
        is_folder, is_there = workbook.is_dir(), workbook.exists()
    except OSError as error:
        raise SourceError(f"{workbook.name[:80]} cannot be opened: {error.strerror}.") from None
    if is_folder and against is not None:
        raise UsageError("--against goes with one workbook, not with a folder.")
    if is_folder:
        return _check_folder(settings, order, shape)
    if not is_there:
        raise SourceError(f"no file {workbook}.")
    from form1.check.recipe import check

    checked = check(order)
    if shape == "json":
        click.echo(json.dumps(_as_json(checked), ensure_ascii=False, indent=1))
    else:
        _show(settings, checked)
    return _exit_code(checked)


def _exit_code(checked: Checked) -> int:
    if checked.judgement is None:
        return 4
    return 3 if checked.judgement.verdict == "rejected" else 0


def _check_folder(settings: Settings, order: CheckOrder, shape: str) -> int:
    """One line for each workbook, and a summary; the worst exit code."""
    from form1.check.many import check_all

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
    if shape == "text":
        verdicts = [line.verdict for line in checked]
        kinds = ", ".join(f"{word(kind, language)}: {verdicts.count(kind)}" for kind in dict.fromkeys(verdicts))
        click.echo(f"{word('total', language)}: {len(checked)} ({kinds})")
    return max(line.exit_code for line in checked)


def _show(settings: Settings, checked: Checked) -> None:
    from form1.core.texts import plain

    word, language = settings.form.word, settings.language
    judgement = checked.judgement
    if judgement is None:
        click.echo(f"{plain(checked.workbook.name)}: {word('refused', language)}: {checked.refusal}")
        _show_folder(settings, checked)
        return
    for line in _causes(settings, judgement):
        click.echo(line)
    for line in _findings(settings, judgement):
        click.echo(line)
    for line in _progress(settings, judgement):
        click.echo(line)
    for line in _not_evaluated(settings, judgement):
        click.echo(line)
    counts = ", ".join(
        f"{word(heading, language)}: {_count(judgement, severity)}"
        for severity, heading in (("error", "errors"), ("warning", "warnings"), ("information", "informations"))
    )
    click.echo(f"{plain(judgement.file.name)} ({judgement.period}): {word(judgement.verdict, language)} ({counts})")
    _show_folder(settings, checked)


def _show_folder(settings: Settings, checked: Checked) -> None:
    if checked.folder is not None:
        click.echo(f"{settings.form.word('results_in', settings.language)}: {checked.folder}")


def _causes(settings: Settings, judgement: Judgement) -> Iterator[str]:
    from form1.check.report.sentences import cause_in_words

    word, language = settings.form.word, settings.language
    if judgement.causes.causes or judgement.causes.status in {"causes_time_limit", "causes_not_available"}:
        yield f"== {word('causes', language)}: {word(judgement.causes.status, language)}"
    for number, cause in enumerate(judgement.causes.causes, start=1):
        mended = sum(1 for position in judgement.cause_of.values() if position == number - 1)
        yield f"{number}. {cause_in_words(judgement, cause)} [{word('findings', language)}: {mended}]"


def _findings(settings: Settings, judgement: Judgement) -> Iterator[str]:
    from form1.check.recipe import sentence

    word, language = settings.form.word, settings.language
    for heading, formal in (("formal_errors", True), ("content_errors", False)):
        chosen = [(n, f) for n, f in enumerate(judgement.findings) if (f.level == 0) is formal]
        if chosen:
            yield f"== {word(heading, language)}"
        for number, finding in chosen:
            cause = judgement.cause_of.get(number)
            tail = f" [{word('cause', language)} {cause + 1}]" if cause is not None else ""
            is_new = judgement.progress is not None and number in judgement.progress.new
            new = f" [{word('new', language)}]" if is_new else ""
            known = f" [{word('known', language)}: {finding.accepted}]" if finding.accepted else ""
            yield f"{word(finding.severity, language)}: {sentence(judgement, finding)}{tail}{known}{new}"


def _progress(settings: Settings, judgement: Judgement) -> Iterator[str]:
    word, language = settings.form.word, settings.language
    if judgement.progress is None:
        return
    progress = judgement.progress
    yield (
        f"== {word('fixed', language)}: {len(progress.fixed)}, {word('new', language)}: {len(progress.new)}, "
        f"{word('still_open', language)}: {len(progress.still_open)}"
    )
    for text in progress.fixed:
        yield f"{word('fixed', language)}: {text}"


def _not_evaluated(settings: Settings, judgement: Judgement) -> Iterator[str]:
    word, language = settings.form.word, settings.language
    blocked = [result for result in judgement.results if result.outcome == "not_evaluated"]
    if blocked:
        yield f"== {word('not_evaluated', language)}: {len(blocked)}"
    reasons: dict[str, list[str]] = {}
    for result in blocked:
        reason = result.blocked_by.of(language) if result.blocked_by else ""
        reasons.setdefault(reason, []).append(result.rule)
    for reason, rules in reasons.items():
        yield f"{', '.join(rules)}: {reason}"


def _count(judgement: Judgement, severity: str) -> int:
    return sum(finding.severity == severity and not finding.accepted for finding in judgement.findings)


def _as_json(checked: Checked) -> dict[str, object]:
    from form1.check.report.sentences import cause_in_words
    from form1.render.data import findings_json

    judgement = checked.judgement
    if judgement is None:
        return {"file": checked.workbook.name, "verdict": "refused", "refusal": checked.refusal}
    return {
        "file": judgement.file.name,
        "sha256": judgement.file.sha256,
        "period": str(judgement.period),
        "verdict": str(judgement.verdict),
        "errors": _count(judgement, "error"),
        "warnings": _count(judgement, "warning"),
        "results": str(checked.folder) if checked.folder else None,
        "causes": {
            "status": str(judgement.causes.status),
            "causes": [
                {
                    "kind": cause.kind,
                    "says": cause_in_words(judgement, cause),
                    "cells": [
                        {"address": "/".join(item.address), "value": item.value, "would_be": item.would_be}
                        for item in cause.amendments
                    ],
                }
                for cause in judgement.causes.causes
            ],
        },
        "progress": _progress_json(judgement),
        "findings": json.loads(findings_json(judgement)),
    }


def _progress_json(judgement: Judgement) -> dict[str, object] | None:
    """What a resubmission has changed: sentences that no longer hold, and the ids of findings that are new or open."""
    progress = judgement.progress
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
