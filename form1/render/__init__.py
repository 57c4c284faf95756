"""Drawing a submission: the workbook, the PDF, the report for people. Each renderer gives bytes and touches no disk."""
