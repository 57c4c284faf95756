"""Editing a workbook: cells are marked and a sheet is added; every other part stays as it is, byte for byte."""
