"""From a spreadsheet: CSV or XLSX, columns matched once, tried first, then all of it or none; taken back in a week.

What is sent waits sealed, row by row, until it is brought in, thrown away or a day old.
"""
