"""Pages: the tables of the form as templates need them, the template engine, and the PDF engine behind it."""
