"""The order in which a document is finished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from form1.core.errors import Form1Error, MachineError
from form1.render.finish import boxes, figures, identity, streams, tables
from form1.render.finish.identity import Attached
from form1.render.finish.tree import Tree


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
        streams.compress(pdf)
        streams.spare(pdf, self.spare)
