"""Workbooks as bytes and cells: reading them behind a gate, editing them part by part. Knows nothing of the form."""
