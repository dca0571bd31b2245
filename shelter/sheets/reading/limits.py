"""How much a spreadsheet may be; one of an agency stays far below."""

MOST_BYTES = 30 << 20
"""Of the file as it is sent."""
MOST_INFLATED = 400 << 20
"""Of everything inside an XLSX, unpacked."""
RATIO, RATIO_FROM = 150, 16 << 20
"""Unpacked against packed, looked at from so many bytes on; ordinary ones have about ten."""
MOST_PARTS = 2_000
"""Members of an XLSX."""
MOST_SHEETS = 50
MOST_ROWS = 100_000
"""In all sheets together, below the headings."""
MOST_COLUMNS = 200
MOST_LETTERS = 10_000
"""In one cell."""
MOST_IN_A_ROW = 50_000
"""Letters of one row: a sealed part of the rows that wait has room for it."""
MOST_TEXT = 100_000_000
"""Letters of all cells together."""
MOST_LINE = 1 << 20
"""Letters of one line of a CSV."""
