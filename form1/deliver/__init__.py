"""Editions on disk: reading the one that stands, and publishing the next whole or not at all."""

from form1.deliver.archive import CELLS, Archive, Edition, read_cells
from form1.deliver.manifest import fingerprint, manifest
from form1.deliver.publish import lock, place, point, publish
from form1.deliver.receipt import Receipt

__all__ = [
    "CELLS",
    "Archive",
    "Edition",
    "Receipt",
    "fingerprint",
    "lock",
    "manifest",
    "place",
    "point",
    "publish",
    "read_cells",
]
