"""Every address says who may use it, is thin, and shows the page of its own name."""

import ast
import inspect
import textwrap
from collections.abc import Iterator

from flask import Flask

from tests.support.sources import ROOT, calls

SHORT = 25  # lines of a route
NOT_OURS = {"static", "bootstrap.static"}  # files of the theme and of the package that ships Bootstrap
SHARED = {"errors", "layout"}


def views(house: Flask) -> Iterator[tuple[str, set[str], ast.FunctionDef]]:
    """Endpoint, methods and source of every view function of ours."""
    methods: dict[str, set[str]] = {}
    for rule in house.url_map.iter_rules():
        methods.setdefault(rule.endpoint, set()).update(rule.methods or ())
    for endpoint in sorted(methods.keys() - NOT_OURS):
        source = inspect.getsource(inspect.unwrap(house.view_functions[endpoint]))
        function = ast.parse(textwrap.dedent(source)).body[0]
        if isinstance(function, ast.FunctionDef):
            yield endpoint, methods[endpoint], function


def shown(function: ast.FunctionDef) -> set[str]:
    constants = (n.value for n in ast.walk(function) if isinstance(n, ast.Constant))
    return {value for value in constants if isinstance(value, str) and value.endswith(".html")}


def test_every_endpoint_says_who_may_use_it(house: Flask) -> None:
    silent = {e for e, view in house.view_functions.items() if not hasattr(view, "policy_mark")}
    assert silent - NOT_OURS == set()


def test_a_route_is_short(house: Flask) -> None:
    assert not [name for name, _, code in views(house) if (code.end_lineno or 0) - code.body[0].lineno >= SHORT]


def test_a_page_that_is_only_read_calls_no_action(house: Flask) -> None:
    reading = [(name, code) for name, methods, code in views(house) if not methods & {"POST", "PUT", "DELETE"}]
    acting = [
        name for name, code in reading for _, call in calls(code) if ast.unparse(call.func).split(".")[0] == "actions"
    ]
    assert not acting


def test_a_page_has_the_name_of_its_address(house: Flask) -> None:
    wrong = {}
    for name, methods, code in views(house):
        pages = {page for page in shown(code) if page.split("/")[0] not in SHARED}
        own = f"{name.replace('.', '/')}.html"
        missing = {page for page in pages if not (ROOT / "templates" / page).exists()}
        if missing or (pages and "GET" in methods and own not in pages):
            wrong[name] = pages
    assert wrong == {}
