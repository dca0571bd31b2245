"""Pictures of papers that never were: a page of a passport of somebody invented, and an envelope with a bag number.

Everything is drawn here, bears the word SPECIMEN, and looks like no country's paper.
"""

import io
from dataclasses import dataclass
from datetime import date

from PIL import Image, ImageDraw, ImageFont

from shelter.rules.mrz.checks import check_digit

_PAPER, _INK, _PALE = (236, 232, 220), (40, 44, 58), (186, 196, 204)


@dataclass(frozen=True, slots=True)
class Specimen:
    """What is printed on the page; `name` is the surname, a comma, and the rest."""

    country: str
    name: str
    number: str
    born: date
    sex: str
    ends: date

    @property
    def lines(self) -> str:
        """Its machine-readable lines (ICAO 9303, TD3), with their check digits."""
        surname, _, given = self.name.upper().partition(", ")
        first = f"P<{self.country}{_letters(surname)}<<{_letters(given)}".ljust(44, "<")[:44]
        parts = [self.number.ljust(9, "<"), f"{self.born:%y%m%d}", f"{self.ends:%y%m%d}", "<" * 14]
        number, born, ends, own = (part + check_digit(part) for part in parts)
        second = f"{number}{self.country}{born}{self.sex}{ends}{own}"
        return f"{first}\n{second}{check_digit(number + born + ends + own)}"


def _letters(text: str) -> str:
    return "".join(mark if "A" <= mark <= "Z" else "<" for mark in text)


def page(one: Specimen) -> bytes:
    """A photograph of the page, as a JPEG."""
    sheet = Image.new("RGB", (880, 620), _PAPER)
    pen = ImageDraw.Draw(sheet)
    for at in range(0, 620, 14):
        pen.line((0, at, 880, at + 40), fill=(226, 224, 214))
    pen.rectangle((40, 110, 250, 390), fill=_PALE)
    pen.ellipse((95, 150, 195, 270), fill=(120, 128, 140))
    pen.pieslice((60, 270, 230, 500), 180, 360, fill=(120, 128, 140))
    pen.rectangle((40, 390, 250, 470), fill=_PAPER)
    pen.text((40, 36), "PASSPORT   " + one.country, font=_font(30), fill=_INK)
    told = (one.name.upper(), one.number, f"{one.born:%d %m %Y}", one.sex, f"{one.ends:%d %m %Y}")
    for place, (label, words) in enumerate(zip(("Name", "No.", "Born", "Sex", "Ends"), told, strict=True)):
        pen.text((290, 112 + 62 * place), label, font=_font(16), fill=(110, 112, 120))
        pen.text((290, 132 + 62 * place), words, font=_font(26), fill=_INK)
    for row, line in enumerate(one.lines.split("\n")):
        for column, mark in enumerate(line):  # each in a cell of its own, as the lines are read
            pen.text((36 + 18.4 * column, 500 + 44 * row), mark, font=_font(25), fill=_INK)
    return _kept(_specimen(sheet))


def envelope(bag: str) -> bytes:
    """A photograph of a sealed envelope, as a JPEG."""
    sheet = Image.new("RGB", (720, 520), (92, 84, 76))
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((70, 90, 650, 430), fill=(214, 196, 160), outline=(150, 132, 100), width=3)
    pen.line((70, 90, 360, 270, 650, 90), fill=(150, 132, 100), width=3)
    pen.rectangle((300, 290, 600, 390), fill=(246, 246, 244))
    pen.text((322, 316), bag, font=_font(44), fill=_INK)
    return _kept(_specimen(sheet))


def _specimen(sheet: Image.Image) -> Image.Image:
    over = Image.new("L", sheet.size)
    ImageDraw.Draw(over).text((sheet.width // 5, sheet.height // 2 - 60), "SPECIMEN", font=_font(110), fill=120)
    sheet.paste((170, 40, 40), mask=over.rotate(18))
    return sheet


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _kept(sheet: Image.Image) -> bytes:
    out = io.BytesIO()
    sheet.save(out, "JPEG", quality=82)
    return out.getvalue()
