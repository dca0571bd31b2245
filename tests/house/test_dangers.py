"""What no linter of ours knows to be dangerous here."""

import ast

import pytest

from tests.support.sources import calls, imported, python_files, tree, where

CODE = ("shelter", "config.py", "wsgi.py", "migrations")
LOADS_CODE = {"pickle", "marshal", "shelve", "dill", "cloudpickle", "yaml"}
REACHES_OUT = {"urllib.request", "http.client", "smtplib", "ftplib", "requests", "httpx", "aiohttp"}
RUNS_TEXT = {"eval", "exec", "render_template_string", "from_string"}
RUNS_SQL = {"text", "execute", "scalar", "scalars", "exec_driver_sql", "executescript"}
OWN_CLOCK = {"utcnow", "today", "now"}


@pytest.mark.parametrize("forbidden", [LOADS_CODE, REACHES_OUT], ids=["loads code", "reaches out"])
def test_no_module_is_imported_that(forbidden: set[str]) -> None:
    found = [where(p, n) for p in python_files(*CODE) for name, n in imported(p) if name in forbidden]
    assert not found


def test_no_text_is_run_as_code_or_as_a_template() -> None:
    assert not [
        where(p, call)
        for p in python_files(*CODE)
        for name, call in calls(tree(p))
        if name in RUNS_TEXT and isinstance(call.func, ast.Name)
    ]


def built(node: ast.expr) -> bool:
    """Text put together from parts at run time; constants side by side are one constant."""
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(value, ast.FormattedValue) for value in values)
        case ast.BinOp(op=ast.Add() | ast.Mod(), left=left, right=right):
            return any(isinstance(side, ast.Constant | ast.JoinedStr) for side in (left, right))
        case ast.Call(func=ast.Attribute(attr="format" | "join", value=ast.Constant())):
            return True
    return False


def test_no_sql_is_built_from_strings() -> None:
    reasoned = {"shelter/db/engine.py"}  # pragmas, from constants
    found = [
        where(p, call)
        for p in python_files("shelter", "config.py", "wsgi.py")
        for name, call in calls(tree(p))
        if name in RUNS_SQL and call.args and built(call.args[0])
    ]
    assert not [place for place in found if place.split(":")[0] not in reasoned]


def test_time_is_asked_of_one_clock() -> None:
    asked = [
        where(p, call)
        for p in python_files("shelter")
        for name, call in calls(tree(p))
        if name in OWN_CLOCK
        and isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value) in {"datetime", "date", "datetime.datetime", "datetime.date"}
    ]
    assert not [place for place in asked if not place.startswith("shelter/rules/clock.py")]


def test_one_file_commits() -> None:
    places = {
        where(p)
        for p in python_files("shelter")
        for name, call in calls(tree(p))
        if name in {"commit", "rollback"} and isinstance(call.func, ast.Attribute)
    }
    assert {place for place in places if place != "shelter/db/transaction.py"} == set()


def test_the_rooms_that_must_be_provable_have_no_escape_from_types() -> None:
    files = python_files("shelter/policy", "shelter/crypto", "shelter/rules")
    assert not [where(p, n) for p in files for name, n in imported(p) if name == "typing.Any"]
