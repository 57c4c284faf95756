"""A translation of an edition that stands, drawn from its own cells: no revision; only the archive is read."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from form1.archive import store
from form1.archive.store.differences import signatories_hash
from form1.build import history, summary
from form1.build.publishing import digest
from form1.build.revisions import moved, recall
from form1.core.cells import Address, CellMap
from form1.core.errors import DefinitionError, DeliveryError, RefusedError, UsageError
from form1.core.findings import Verdict
from form1.core.folders import scratch
from form1.core.periods import Period
from form1.core.sentences import says
from form1.core.texts import Language
from form1.definition import Form
from form1.definition.layout import Layout, lay_out
from form1.model.forms import Edition, InputFile, Rendered
from form1.render import pdf, workbook

RECORD: Final = "rendition.json"
"""What tells a rendition: of which edition, in which language, and the hash of each of its files."""


@dataclass(frozen=True)
class RenderOrder:
    """Which edition is to be drawn in which language; `place` is by default a folder beside the editions."""

    form: Form
    output: Path
    edition: str
    language: Language
    signatories: Mapping[str, str]
    place: Path | None = None


def render(order: RenderOrder) -> Path:
    """Draw a translation and put it in its place, over an earlier one; return its folder."""
    source = store.Archive(order.output).named(order.edition)
    name = f"{source.period}/{source.folder.name}"
    manifest = source.manifest
    if manifest.get("language") == order.language:
        raise says(UsageError, "render_same_language", edition=name)
    if damage := source.damage():
        raise says(DeliveryError, "render_damaged", folder=source.folder, files=", ".join(damage))
    place = order.place or order.output / store.RENDITIONS / f"{source.period}-{source.folder.name}-{order.language}"
    _require_outside(place)
    edition = _translated(order, source, name)
    with scratch():
        files = {f"{edition.name}.xlsx": workbook.draw(edition), f"{edition.name}.pdf": pdf.draw(edition)}
    store.place(place, files | {RECORD: _record(edition, files)}, RECORD)
    return place


def _translated(order: RenderOrder, source: store.Edition, name: str) -> Edition:
    form, period, manifest = order.form.of(source.period), source.period, source.manifest
    cells = source.cells()
    layouts = _layouts(form, period, cells, name)
    archive = source.folder.parents[1]
    records = recall(store.Archive(archive).editions(period), source.revision)
    rendered = Rendered(
        name,
        manifest["language"],
        hashlib.sha256((source.folder / store.MANIFEST).read_bytes()).hexdigest(),
        same_definition=manifest.get("reference_sha256") == form.sha256,
    )
    same_names = manifest.get("signatories_sha256") == signatories_hash(order.signatories)
    wanted = {Period.parse(entry["period"]): str(entry["cells_sha256"]) for entry in manifest.get("history", [])}
    then = history.recall(form, period, wanted, summary.needed(form, period), digest, editions=archive)
    return Edition(
        form=form,
        period=period,
        language=order.language,
        cells=cells,
        layouts=layouts,
        # A translation is not signed: names that the edition does not have are left out.
        signatories=order.signatories if same_names else {},
        summary=summary.summarise(form, period, cells, layouts, then),
        corrections=tuple(
            entry
            for entry in form.corrections
            if entry.period == str(period)
            and (cell := cells.get(Address(entry.table, entry.row, entry.column))) is not None
            and cell.value == entry.becomes
        ),
        is_invented=_is_invented(form, source),
        inputs=tuple(InputFile(each["name"], each["size"], each["sha256"]) for each in manifest.get("inputs", [])),
        findings=(),
        results=(),
        verdict=Verdict(manifest["verdict"]),
        revision=source.revision,
        revisions=tuple(record.revision for record in records) if source.revision > 1 else (),
        moved=moved(records) if source.revision > 1 else (),
        renders=rendered,
    )


def _layouts(form: Form, period: Period, cells: CellMap, name: str) -> dict[str, Layout]:
    """The tables as they were laid out; DefinitionError when the present definition lays them out otherwise."""
    layouts: dict[str, Layout] = {}
    for id in dict.fromkeys(table for table, _, _ in cells):
        own = [Address(*address) for address in cells if address[0] == id]
        if id in form.tables:
            observed = {address.row for address in own} | {address.column for address in own}
            layout = lay_out(form, form.tables[id], period.last_day, observed)
            if [Address(id, row.code, column.code) for row in layout.rows for column in layout.columns] == own:
                layouts[id] = layout
                continue
        raise says(DefinitionError, "render_other_layout", table=id, edition=name)
    return layouts


def _is_invented(form: Form, source: store.Edition) -> bool:
    """True when the edition says that its numbers were counted from records that nobody collected."""
    language: Language = source.manifest["language"]
    try:
        return form.word("invented_data", language) in (source.folder / "report.html").read_text(encoding="utf-8")
    except OSError:
        return False


def _require_outside(place: Path) -> None:
    for folder in (place.absolute(), *place.absolute().parents):
        if (folder / store.MANIFEST).is_file():
            raise says(RefusedError, "render_inside_edition", folder=place)


def _record(edition: Edition, files: Mapping[str, bytes]) -> bytes:
    assert edition.renders is not None
    content = {
        "renders": edition.renders.name,
        "manifest_sha256": edition.renders.manifest_sha256,
        "original_language": edition.renders.language,
        "language": edition.language,
        "reference_sha256": edition.form.sha256,
        "outputs": [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in sorted(files.items())
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()
