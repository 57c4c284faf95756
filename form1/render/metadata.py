"""The notes of an edition for machines: metadata.json, in every language, each note with its source and its status."""

from __future__ import annotations

import json

from form1.definition.records import Note
from form1.submission import Submission


def metadata_json(submission: Submission) -> bytes:
    """Return what the form and its tables are, the signs in force at the end of the period, and every note."""
    form, last_day = submission.form, submission.period.last_day
    content = {
        "form": form.identity.code,
        "title": form.identity.title.model_dump(),
        "period": str(submission.period),
        "last_day": last_day.isoformat(),
        "revision": submission.revision,
        "signs": {code.code: code.name.model_dump() for code in form.codelists["conventional_signs"].on(last_day)},
        "tables": [
            {
                "id": id,
                "title": layout.table.title.model_dump(),
                "basis": layout.table.basis,
                "unit": form.words[layout.table.unit].model_dump(),
            }
            for id, layout in submission.layouts.items()
        ],
        "notes": [_note(note) for note in form.notes if note.table is None or note.table in submission.layouts],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _note(note: Note) -> dict[str, object]:
    about = {"concept": note.concept} if note.concept else {"table": note.table, "aspect": note.aspect}
    return {"id": note.id, **about, "text": note.text.model_dump(), "source": note.source, "status": note.status}
