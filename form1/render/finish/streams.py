"""The streams of a file, compressed once and so that nobody can misread where they end.

A line end follows each stream and is no part of it. When the compressed bytes end in a carriage return, the two make
one line end, and a checker of PDF/A finds a byte missing. The last bytes are a checksum of the content, so that no
other level of compression helps: such a stream is compressed twice.
"""

from __future__ import annotations

import zlib
from typing import Any, Final

from pydyf import Dictionary, Stream

_LEVEL: Final = 6
_MISREAD: Final = b"\r\nendstream"


def compress(pdf: Any) -> None:
    """Compress every stream that is to be: pydyf would do it twice, for the file and for its identifier."""
    for thing in pdf.objects:
        if isinstance(thing, Stream) and thing.compress:
            content = Stream(thing.stream, {}).data.partition(b"\nstream\n")[2].removesuffix(b"\nendstream")
            packed, filters = zlib.compress(content, _LEVEL), "/FlateDecode"
            if packed.endswith(b"\r"):
                packed, filters = zlib.compress(packed, _LEVEL), "[/FlateDecode /FlateDecode]"
            thing.stream, thing.compress = [packed], False
            thing.extra = Dictionary({**thing.extra, "Filter": filters})


def is_misread(file: bytes) -> bool:
    """Return whether a stream that was compressed while the file was written ends in a carriage return."""
    return _MISREAD in file


def spare(pdf: Any, count: int) -> None:
    """Add objects that say nothing, so that the streams of a file come out otherwise than they did."""
    for _ in range(count):
        pdf.add_object(Dictionary())
