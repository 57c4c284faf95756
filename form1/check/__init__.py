"""Checking: from a received workbook to a verdict, its causes, and reports for the sender."""
