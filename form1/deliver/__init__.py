"""Editions on disk: reading the one that stands, and publishing the next whole or not at all."""

from form1.deliver.archive import CELLS, MANIFEST, Archive, Edition, read_cells
from form1.deliver.because import differences
from form1.deliver.manifest import fingerprint, made_from, manifest
from form1.deliver.publish import lock, place, point, publish
from form1.deliver.receipt import Receipt

__all__ = [
    "CELLS",
    "MANIFEST",
    "Archive",
    "Edition",
    "Receipt",
    "differences",
    "fingerprint",
    "lock",
    "made_from",
    "manifest",
    "place",
    "point",
    "publish",
    "read_cells",
]
