"""From records to the exports: extracts are found, opened, held against their contract, and counted by the rules."""
