"""Delivering: editions in their place, the archive of all that were published and its journal, results and receipts."""

from form1.archive.store.differences import differences
from form1.archive.store.editions import CELLS, MANIFEST, SIGNATURE, Archive, Edition, named_edition, read_cells
from form1.archive.store.folder import put_folder, require_free
from form1.archive.store.manifest import fingerprint, made_from, manifest
from form1.archive.store.publish import RunStamp, point, publish
from form1.archive.store.receipt import Receipt
from form1.archive.store.recovery import harmed, recover
from form1.archive.store.results import DRAFTS, REJECTED, RENDITIONS, mend, place

__all__ = [
    "CELLS",
    "DRAFTS",
    "MANIFEST",
    "REJECTED",
    "RENDITIONS",
    "SIGNATURE",
    "Archive",
    "Edition",
    "Receipt",
    "RunStamp",
    "differences",
    "fingerprint",
    "harmed",
    "made_from",
    "manifest",
    "mend",
    "named_edition",
    "place",
    "point",
    "publish",
    "put_folder",
    "read_cells",
    "recover",
    "require_free",
]
