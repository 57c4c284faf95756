"""The order in which a document is finished, and its streams, compressed once and so that nobody can misread their end.

A line end follows each stream and is no part of it. When the compressed bytes end in a carriage return, the two make
one line end, and a checker of PDF/A finds a byte missing. The last bytes are a checksum of the content, so that no
other level of compression helps: such a stream is compressed twice.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

from pydyf import Dictionary, Stream

from form1.core.errors import Form1Error, MachineError
from form1.render.finish import boxes, figures, identity, tables
from form1.render.finish.identity import Attached
from form1.render.finish.tree import Tree

_LEVEL: Final = 6
_MISREAD: Final = b"\r\nendstream"


def _compress_streams(pdf: Any) -> None:
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


def _add_empty_objects(pdf: Any, count: int) -> None:
    """Add objects that say nothing, so that the streams of a file come out otherwise than they did."""
    for _ in range(count):
        pdf.add_object(Dictionary())


@dataclass(frozen=True)
class Finisher:
    """What WeasyPrint calls with its document and the objects of the file, before it writes them."""

    attachments: Iterable[Attached] = ()
    spare: int = 0
    """Objects without content, for another attempt at a file whose streams could be misread."""

    def __call__(self, document: Any, pdf: Any) -> None:
        """Mend the structure, describe the file, attach what travels inside.

        DefinitionError when the page leaves something unsaid that a reader needs, such as what a picture shows;
        MachineError when WeasyPrint's objects are not what they were in the version that this was made for.
        """
        try:
            self._finish(document, pdf)
        except Form1Error:
            raise
        except Exception as error:  # the objects are no public interface: whatever a newer version makes of them
            raise MachineError(
                f"the PDF cannot be finished ({type(error).__name__}: {error}). WeasyPrint here is "
                f"{version('weasyprint')}; install the version in requirements/run.txt (scripts/setup.sh)."
            ) from error

    def _finish(self, document: Any, pdf: Any) -> None:
        tree = Tree(pdf)
        figures.count_lists(boxes.lists(pdf, document))
        figures.describe_pictures(tree)
        figures.describe_links(tree, document)
        boxes.join_over_pages(tree, document)
        whole = tables.join(tree, boxes.tables(tree, document))
        tables.associate(tree, whole)
        tree.settle()
        identity.set_colours(pdf)
        identity.describe(pdf, document.metadata)
        identity.attach(pdf, self.attachments)
        _compress_streams(pdf)
        _add_empty_objects(pdf, self.spare)
