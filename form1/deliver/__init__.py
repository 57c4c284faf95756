"""Editions on disk: reading the one that stands, and publishing the next whole or not at all."""

from form1.deliver.archive import Archive, Edition
from form1.deliver.manifest import fingerprint, manifest
from form1.deliver.publish import lock, publish

__all__ = ["Archive", "Edition", "fingerprint", "lock", "manifest", "publish"]
