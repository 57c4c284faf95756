"""The account of a tabulation: from which records, by which rules, what was counted and what left out, by table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from typing import Any

from form1 import __version__
from form1.core.periods import Period
from form1.core.texts import LANGUAGES, Language
from form1.definition.form import Form
from form1.records.tabulate.engines import Engine
from form1.records.tabulate.opened import Opened
from form1.records.tabulate.plan import Plan
from form1.records.tabulate.tally import Tally

_LIBRARIES: Mapping[Engine, Sequence[str]] = {
    "polars": ("polars",),
    "duckdb": ("duckdb",),
    "spark": ("pyspark",),
}


def account(
    form: Form,
    period: Period,
    engine: Engine,
    parts: Mapping[str, Sequence[Opened]],
    tallies: Sequence[Tally],
    exports: Mapping[str, tuple[str, bytes]],
) -> dict[str, Any]:
    """Return what stands in tabulation.json: no clock, no host, no path; `exports` gives name and bytes by table."""
    as_of = tallies[0].plan.as_of
    return {
        "form": form.identity.code,
        "period": str(period),
        "covers": "year_to_date",
        "as_of": as_of.isoformat() if as_of else None,
        "rules_sha256": rules_hash(form),
        "definition_sha256": form.sha256,
        "engine": engine,
        "versions": {"form1": __version__, **{name: version(name) for name in ("narwhals", *_LIBRARIES[engine])}},
        "inputs": [
            {"extract": extract, "name": part.input.name, "size": part.input.size, "sha256": part.input.sha256,
             "records": part.rows}
            for extract, held in sorted(parts.items()) for part in held
        ],
        "totals": [_totals(form, tally, table.id) for tally in tallies for table in tally.plan.tables],
        "exports": [
            {"table": table, "name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for table, (name, content) in exports.items()
        ],
    }  # fmt: skip


def as_bytes(content: Mapping[str, Any]) -> bytes:
    """Return the account as it is written."""
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _totals(form: Form, tally: Tally, table: str) -> dict[str, Any]:
    return {
        "table": table,
        "universe": tally.plan.universe.id,
        "extract": tally.plan.extract,
        "records": tally.records,
        "counted": tally.counted,
        "left_out": dict(tally.left_out),
        "rules": {language: in_words(form, tally.plan, language) for language in LANGUAGES},
    }


def in_words(form: Form, plan: Plan, language: Language) -> str:
    """Return the rules by which a universe is counted as one sentence."""
    residence = form.residence
    if residence is not None and plan.tables[0].id in residence.what:
        extracts, said = [right.extract for right in residence.right], list(residence.sentences(language))
    else:
        extracts, said = [plan.extract], list(form.counting.sentences(plan.universe.id, language))
    if plan.as_of is not None:
        said.append(form.word("entered_up_to", language).format(day=plan.as_of.isoformat()))
    titles = [form.records.extracts[extract].title.of(language) for extract in extracts]
    return f"{', '.join(titles)}: {'; '.join(said)}"


def rules_hash(form: Form) -> str:
    """Return the sha256 over what decides how records are counted: layouts, rules, tables and code lists."""
    content = {
        "records": form.records.model_dump(mode="json"),
        "counting": form.counting.model_dump(mode="json", by_alias=True),
        **({"residence": form.residence.model_dump(mode="json", by_alias=True)} if form.residence else {}),
        "tables": {
            id: table.model_dump(mode="json", include={"universe", "rows", "columns"})
            for id, table in form.tables.items()
        },
        "codes": {
            id: [(entry.code, entry.counted_as, str(entry.valid_from), str(entry.valid_to)) for entry in codelist.codes]
            for id, codelist in sorted(form.codelists.items())
        },
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
