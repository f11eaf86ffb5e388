"""Histories that listeners own: exports of services and players, read as plays and summed into rows of a chart.

A format is a file of `formats`: how to know its entries, and how to read one. What holds the entries, JSON, lines, a
table, a workbook, is read in `entries`; folders and archives in `files`.
"""
