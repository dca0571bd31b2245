"""A drawing of ours as part of a page: vouched for only after every element and attribute was looked at."""

from xml.etree import ElementTree

from markupsafe import Markup

NAMESPACE = "http://www.w3.org/2000/svg"
ELEMENTS = frozenset({"svg", "g", "path", "line", "rect", "text", "tspan", "title", "desc"})
ATTRIBUTES = frozenset(
    {
        *("aria-hidden", "aria-label", "class", "d", "display", "dx", "dy", "fill", "fill-opacity", "font-family"),
        *("font-size", "font-weight", "height", "opacity", "pointer-events", "role", "stroke", "stroke-dasharray"),
        *("stroke-miterlimit", "stroke-opacity", "stroke-width", "text-anchor", "transform", "version", "viewBox"),
        *("width", "x", "x1", "x2", "y", "y1", "y2"),
    }
)


class UnsafeDrawing(ValueError):
    """An SVG holds something else than shapes and words: a script, a style, a link, an entity."""


def drawing(svg: str, words: str) -> Markup:
    """The SVG to be put into a page, `words` being what it is called. Raises `UnsafeDrawing`."""
    if "<!" in svg or "<?" in svg:
        raise UnsafeDrawing("declaration")
    ElementTree.register_namespace("", NAMESPACE)
    root = ElementTree.fromstring(svg)  # noqa: S314 - drawn by this process, and no declaration gets here
    for element in root.iter():
        _quiet(element)
        _check(element)
    root.set("role", "graphics-document")
    root.set("aria-label", words)
    return Markup(ElementTree.tostring(root, encoding="unicode"))  # noqa: S704 - every part was looked at above


def _quiet(element: ElementTree.Element) -> None:
    """What is said in English whatever the page's language, and roles of what has no name."""
    element.attrib.pop("aria-roledescription", None)
    if "aria-label" not in element.attrib:
        element.attrib.pop("role", None)


def _check(element: ElementTree.Element) -> None:
    name = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    if name not in ELEMENTS:
        raise UnsafeDrawing(name)
    for attribute, value in element.attrib.items():
        if attribute not in ATTRIBUTES or "url(" in value.lower():
            raise UnsafeDrawing(attribute)
