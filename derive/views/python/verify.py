"""The generated source is read back: only the imports, statements and names that an evaluator consists of may be in it."""

from __future__ import annotations

import ast
import builtins

_IMPORTS = {"__future__": {"annotations"}, "typing": {"Any", "NamedTuple"}, "math": None, "threading": None, "numpy": None}
_BUILTINS = frozenset(
    (
        *("ArithmeticError", "TypeError", "ValueError", "abs", "all", "any", "bool", "dict", "enumerate", "float"),
        *("frozenset", "int", "isinstance", "len", "list", "max", "min", "next", "range", "slice"),
        *("str", "sum", "tuple", "type", "zip"),
    )
)
_FORBIDDEN = (
    ast.Await,
    ast.AsyncFor,
    ast.AsyncFunctionDef,
    ast.AsyncWith,
    ast.Delete,
    ast.Global,
    ast.Match,
    ast.NamedExpr,
    ast.Nonlocal,
    ast.Yield,
    ast.YieldFrom,
)
_TOP = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)


class UnsafeSource(Exception):
    """The generated source contains something that no evaluator contains: a fault of the generator, never of a statement."""


def verify(source: str, printed: str = "") -> None:
    """Raises `UnsafeSource` (or SyntaxError) unless `source` is made of what evaluators are made of.

    `printed` is the source before its long lines were broken, from which it may differ in white space only.
    """
    if printed and "".join(printed.split()) != "".join(source.split()):
        raise UnsafeSource("breaking long lines changed the program")
    tree = ast.parse(source)
    for index, statement in enumerate(tree.body):
        documentation = index == 0 and isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not documentation and not isinstance(statement, _TOP):
            raise UnsafeSource(f"line {statement.lineno}: {type(statement).__name__} at the top level")
    nodes = list(ast.walk(tree))
    known = _bound_names(nodes) | _BUILTINS
    for node in nodes:
        if isinstance(node, _FORBIDDEN):
            raise UnsafeSource(f"line {node.lineno}: {type(node).__name__}")
        if isinstance(node, ast.Name) and node.id not in known:
            raise UnsafeSource(f"line {node.lineno}: the name {node.id}")
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and node.attr not in ("_fields", "__new__"):
            raise UnsafeSource(f"line {node.lineno}: the attribute {node.attr}")
        if isinstance(node, ast.Import) and any(alias.name not in _IMPORTS for alias in node.names):
            raise UnsafeSource(f"line {node.lineno}: import")
        if isinstance(node, ast.ImportFrom):
            allowed = _IMPORTS.get(node.module or "") or set()
            if any(alias.name not in allowed for alias in node.names):
                raise UnsafeSource(f"line {node.lineno}: import from {node.module}")


def _bound_names(nodes: list[ast.AST]) -> set[str]:
    names: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Name):
            if isinstance(node.ctx, ast.Store):
                names.add(node.id)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name for alias in node.names}
        elif isinstance(node, ast.ExceptHandler) and node.name:
            names.add(node.name)
    hidden = names & set(dir(builtins))
    if hidden:
        raise UnsafeSource(f"built-in names are bound: {sorted(hidden)}")
    return names
