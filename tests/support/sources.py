"""The project read as text and as trees, for the tests about the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SHARED_ROOMS = {"cli", "crypto", "db", "policy", "rules", "trail", "web"}


@cache
def python_files(*tops: str) -> tuple[Path, ...]:
    """Python files below the named folders (or the named files), migrations aside: those are history."""
    found = [ROOT / top for top in tops if top.endswith(".py") and (ROOT / top).exists()]
    found += [path for top in tops for path in (ROOT / top).rglob("*.py")]
    return tuple(sorted(path for path in found if "versions" not in path.parts))


@cache
def templates() -> tuple[Path, ...]:
    return tuple(sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file()))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def where(path: Path, node: ast.AST | None = None) -> str:
    line = f":{node.lineno}" if node is not None and hasattr(node, "lineno") else ""
    return f"{path.relative_to(ROOT)}{line}"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree(path)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def calls(node: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call below `node` with its name: `execute` both for `execute(...)` and for `a.b.execute(...)`."""
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        match call.func:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name, call


def imported(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """Each imported module with its statement; `from a import b` gives `a` and `a.b`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((name.name, node) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node
            yield from ((f"{node.module}.{name.name}", node) for name in node.names)


def features() -> list[Path]:
    """The feature packages: rooms of one shape on the shared rooms."""
    packages = (path.parent for path in (ROOT / "shelter").glob("*/__init__.py"))
    return sorted(path for path in packages if path.name not in SHARED_ROOMS)
