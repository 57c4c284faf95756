"""What every room knows: errors, findings, periods, values and cells, texts, the clock, folders."""
