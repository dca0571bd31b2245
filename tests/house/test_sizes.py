"""A file has one subject and a function does one thing; what grows past these lengths has two."""

import ast

from tests.support.sources import functions, python_files, templates, tree, where

ALL = ("shelter", "tests", "migrations", "config.py", "wsgi.py")


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_python_file_is_longer_than_400_lines() -> None:
    long = [where(path) for path in python_files(*ALL) if len(path.read_text().splitlines()) > 400]
    assert not long


def test_no_function_is_longer_than_60_lines() -> None:
    long = [where(path, node) for path in python_files(*ALL) for node in functions(path) if length(node) > 60]
    assert not long


def test_no_template_is_longer_than_150_lines() -> None:
    assert not [where(path) for path in templates() if len(path.read_text().splitlines()) > 150]


def test_every_room_and_file_says_what_it_is_for_in_a_few_lines() -> None:
    said = {where(path): ast.get_docstring(tree(path)) or "" for path in python_files("shelter")}
    assert not [name for name, text in said.items() if not 1 <= len(text.splitlines()) <= 8]
