"""Files as funders want them: HUD's tables, a portal's form to be typed in; the same records give the same bytes."""

from shelter.funders.filing.hud import file_of
from shelter.funders.filing.packing import Filing
from shelter.funders.filing.portal import ROWS, Filled, filled

__all__ = ["ROWS", "Filing", "Filled", "file_of", "filled"]
