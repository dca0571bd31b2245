"""A spreadsheet as somebody sent it, read safely: bytes in, rows of text out. Nothing is trusted, run or kept."""

from shelter.sheets.reading.lines import Line, lines_of

__all__ = ["Line", "lines_of"]
