"""Finishing a PDF just before it is written: structure that can be read aloud, two standards in one file, attachments.

WeasyPrint draws the pages and tags what it draws; here its objects are mended in memory, which costs no second parsing.
The markup of the page says what is meant, for any page and not only for the form:

- `<table data-goes-on="NAME">` goes on with the columns of the table with `id="NAME"`, in the same rows; a cell with
  `data-again` only repeats one of that table, and what precedes the table in its division repeats its title. A head
  with `data-again="cut"` is the rest of the last head in its row.
- `<tr data-level="2" data-heads>` heads the rows below it that are deeper, as groups of rows do.
- `<table role="presentation">` is no table but paragraphs beside each other, `role="doc-toc"` a list of contents.
- Every picture needs a text alternative, every table stands once in the structure however many pages it takes, every
  head that is repeated on another page and every margin is an artefact.
"""

from form1.render.finish.finisher import Finisher, is_misread
from form1.render.finish.identity import Attached

__all__ = ["Attached", "Finisher", "is_misread"]
