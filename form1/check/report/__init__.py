"""The reports of a check: the page, the error workbook, and the words that both use."""
