"""Delivering: editions in their place, the archive of all that were published and its journal, results and receipts."""

from form1.deliver.archive import CELLS, MANIFEST, SIGNATURE, Archive, Edition, read_cells
from form1.deliver.because import differences
from form1.deliver.folder import put_folder, require_free
from form1.deliver.manifest import fingerprint, made_from, manifest
from form1.deliver.publish import Occasion, point, publish
from form1.deliver.receipt import Receipt
from form1.deliver.recovery import harmed, recover
from form1.deliver.results import place
from form1.deliver.tabulated import Placed, put_exports

__all__ = [
    "CELLS",
    "MANIFEST",
    "SIGNATURE",
    "Archive",
    "Edition",
    "Occasion",
    "Placed",
    "Receipt",
    "differences",
    "fingerprint",
    "harmed",
    "made_from",
    "manifest",
    "place",
    "point",
    "publish",
    "put_exports",
    "put_folder",
    "read_cells",
    "recover",
    "require_free",
]
