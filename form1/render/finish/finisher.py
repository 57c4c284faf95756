"""The order in which a document is finished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from form1.render.finish import boxes, figures, identity, tables
from form1.render.finish.identity import Attached
from form1.render.finish.tree import Tree


@dataclass(frozen=True)
class Finisher:
    """What WeasyPrint calls with its document and the objects of the file, before it writes them."""

    attachments: Iterable[Attached] = ()

    def __call__(self, document: Any, pdf: Any) -> None:
        """Mend the structure, describe the file, attach what travels inside.

        DefinitionError when the page leaves something unsaid that a reader needs, such as what a picture shows.
        """
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
