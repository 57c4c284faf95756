"""Mutants: a seeded sample of small faults put into the code, to see whether a test fails on each."""
