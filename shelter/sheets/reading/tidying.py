"""A cell as the forms would have it."""

from shelter.web.asked import cleaned


def tidied(cell: str) -> str:
    """What `cleaned` makes of it; most cells are plain and need nothing but the blanks around them taken off."""
    return cell.strip() if cell.isascii() and cell.isprintable() else cleaned(cell)
