"""What a form says, in words and once: tables, findings, causes, notes, revisions, the summary, as plain values.

Workbook, PDF, page, fill-in form and the reports of a check place these values; none of them puts a sentence together.
"""
