"""Sums that the sender gave with the records, as `sha256sum` writes them: they prove that every file came whole."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from form1.core.checksums import read_checksums
from form1.core.findings import Finding, Place
from form1.definition.form import Form
from form1.records.tabulate.files import KINDS


def faults(form: Form, folder: Path, names: Collection[str], sums: Mapping[str, str]) -> Iterator[Finding]:
    """Yield what differs from the lists in `folder` and in its folders of parts; nothing where there is no list.

    `names` are the files of records that are there, relative to `folder`; `sums` the sha256 of those that were read.
    """
    for holder in (folder, *sorted(path for path in folder.iterdir() if path.is_dir())):
        before = "" if holder == folder else f"{holder.name}/"
        listed = holder / form.records.sums
        if listed.is_file():
            here = {name for name in names if name.startswith(before)}
            yield from _of_list(listed, before, here, sums)


def _of_list(path: Path, before: str, names: Collection[str], sums: Mapping[str, str]) -> Iterator[Finding]:
    own = f"{before}{path.name}"
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        yield Finding.of("records_unreadable", Place(file=own), reason=error.strerror or "")
        return
    told, odd = read_checksums(text)
    for number in odd:
        yield Finding.of("records_sums_line", Place(file=own, line=number))
    if odd:  # what else the list says is then not to be judged by
        return
    announced = {before + name: sha256 for name, sha256 in told.items()}
    for name in sorted(names):
        if name not in announced:
            yield Finding.of("records_sums_unlisted", Place(file=name), list=own)
        elif name in sums and sums[name] != announced[name]:
            yield Finding.of("records_sums_differ", Place(file=name), list=own)
    for name in sorted(name for name in announced if name not in names and name.lower().endswith(KINDS)):
        yield Finding.of("records_sums_absent", Place(file=name), list=own)
