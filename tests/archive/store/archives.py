"""Small archives: editions of a few bytes, what stands in them, and what the proof finds wrong."""

import hashlib
import json
import os
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from form1.archive.store import RunStamp, journal, proof, publish
from form1.core.periods import Period

Q3 = Period(2026, 3)
NOW = datetime(2026, 10, 20, 2, 0, tzinfo=ZoneInfo("Asia/Baku"))
STAMP = RunStamp(NOW, "a-run")


def edition(revision: int, period: Period = Q3, previous: str = "") -> dict[str, bytes]:
    """The files of a small edition with a true manifest; without `previous`, one of before that was told."""
    files = {
        "cells.csv": f"table,row,column,value,status\nT10,T,T,{revision},number\n".encode(),
        "report.html": b"<html>" * revision,
    }
    outputs = [
        {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for name, content in sorted(files.items())
    ]
    manifest = {"period": str(period), "revision": revision, "journal": True, "verdict": "accepted", "outputs": outputs}
    told = {**manifest, "previous": previous} if previous else manifest
    return {**files, "manifest.json": json.dumps(told).encode()}


def publish_small(output: Path, revision: int, period: Period = Q3) -> Path:
    output.mkdir(parents=True, exist_ok=True)
    files = edition(revision, period, journal.read(output).seal)
    return publish(output, period, revision, files, "accepted", STAMP)


def state_of(output: Path) -> dict[str, bytes | str]:
    """Every file by its name with its bytes, the link with its aim; the journal under a name of its own."""
    state: dict[str, bytes | str] = {}
    for path in sorted(output.rglob("*")):
        if path.is_symlink():
            state["latest"] = os.readlink(path)
        elif path.is_file() and ".unfinished" not in str(path):
            name = "journal" if path.name == "journal.jsonl" else str(path.relative_to(output))
            state[name] = path.read_bytes()
    return state


def damage_of(output: Path) -> list[str]:
    """What the proof of a whole archive finds wrong."""
    return [f"{harm.kind} {harm.where}" for harm in proof.harms(output)]
