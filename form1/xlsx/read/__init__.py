"""Reading a workbook: the gate looks at the package, a child process with limits reads its cells."""
