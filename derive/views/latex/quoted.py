"""Formulas that stand in plain text as SymPy spells them: ``k**2 <= 2*m`` in a remark comes out as mathematics."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

import sympy
from sympy import Add, Expr, Mul, Pow, Symbol

from derive.render import Tex
from derive.views.latex.shape import RELATIONS, Shape

__all__ = ["formulas"]

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\d+|\*\*|<=|>=|!=|[-+*/()=<>]")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
_MULTIPLE = re.compile(r"(?<=\d) (?=[A-Za-z_])")
_BESIDE = re.compile(r"(?<=[\w)]) (?=[A-Za-z_(])")  # in an equation, where no word is meant
_ARTICLE = re.compile(r"(?<=[\w)] )a(?= [a-z]{2})")
_MARKS = {**RELATIONS, "=": "="}
_FUNCTIONS: dict[str, Callable[..., Expr]] = {"sqrt": sympy.sqrt, "exp": sympy.exp, "log": sympy.log, "Abs": sympy.Abs}
_INTERVAL = re.compile(r"\[(?P<low>[^][(),]+), (?P<high>[^][(),]+)\]")


def formulas(text: str, shape: Shape) -> Iterator[tuple[int, int, Tex]]:
    """Where formulas with a declared symbol and at least one sign between symbols stand in the text, and their LaTeX."""
    end = 0
    for start, stop in _runs(text, shape):
        found = _formula(text[start:stop], shape) if start >= end else None
        if found is not None:
            yield start, stop, found
            end = stop


def _runs(text: str, shape: Shape) -> Iterator[tuple[int, int]]:
    """Stretches of the text that might be a formula: intervals, and tokens of formulas in a row, the longest first."""
    articles = {match.start() for match in _ARTICLE.finditer(text)}
    tokens = [match.span() for match in _TOKEN.finditer(text) if _belongs(match.group(), shape) and match.start() not in articles]
    found = [match.span() for match in _INTERVAL.finditer(text)]
    for place, (start, _) in enumerate(tokens):
        last = place
        while last + 1 < len(tokens) and text[tokens[last][1] : tokens[last + 1][0]] in ("", " "):
            last += 1
        found += [(start, tokens[until][1]) for until in range(last, place + 1, -1)]
    yield from sorted(found, key=lambda span: (span[0], -span[1]))


def _belongs(token: str, shape: Shape) -> bool:
    """Whether a token can stand in a formula: no word does that is not declared."""
    return not _NAME.match(token) or len(token) == 1 or token in shape.names.table or token in _FUNCTIONS


def _formula(text: str, shape: Shape) -> Tex | None:
    interval = _INTERVAL.fullmatch(text)
    parts = interval.groups() if interval else re.split(r"\s*(<=|>=|!=|<|>|=)\s*", text)
    beside = _BESIDE if len(parts) > 1 and not interval else _MULTIPLE
    sides = [_read(beside.sub("*", side.strip()), shape) for side in (parts if interval else parts[::2])]
    known = [side for side in sides if side is not None]
    if len(known) < len(sides) or not any(side.free_symbols & _declared(side, shape) for side in known):
        return None
    if interval:
        return Tex(f"[{shape.inline(known[0])}, {shape.inline(known[1])}]")
    if len(known) == 1 and not (known[0].is_Add or known[0].is_Mul or known[0].is_Pow):
        return None
    marks = [f" {_MARKS[mark]} " for mark in parts[1::2]]
    return Tex("".join(f"{shape.inline(side)}{mark}" for side, mark in zip(known, [*marks, ""], strict=True)))


def _declared(side: Expr, shape: Shape) -> set[Symbol]:
    return {symbol for symbol in side.free_symbols if symbol.name in shape.names.table}


def _read(text: str, shape: Shape) -> Expr | None:
    """The expression that the text spells; None where it is none or has a word in it that is no symbol."""
    try:
        return _expression(ast.parse(text, mode="eval").body, shape)
    except (SyntaxError, ValueError):
        return None


def _expression(node: ast.expr, shape: Shape) -> Expr:
    match node:
        case ast.Constant(value=int() as value) if not isinstance(value, bool):
            return sympy.Integer(value)
        case ast.Name(id=name) if name in shape.names.table or len(name) == 1:
            return Symbol(name, real=True)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_expression(operand, shape)
        case ast.BinOp(left=left, op=sign, right=right):
            return _joined(_expression(left, shape), sign, _expression(right, shape))
        case ast.Call(func=ast.Name(id=name), args=[argument], keywords=[]):
            inside = _expression(argument, shape)
            return _FUNCTIONS[name](inside) if name in _FUNCTIONS else sympy.Function(name)(inside)
    raise ValueError(ast.dump(node))


def _joined(left: Expr, sign: ast.operator, right: Expr) -> Expr:
    match sign:
        case ast.Add():
            return Add(left, right)
        case ast.Sub():
            return Add(left, -right)
        case ast.Mult():
            return Mul(left, right)
        case ast.Div():
            return Mul(left, Pow(right, -1))
        case ast.Pow():
            return Pow(left, right)
    raise ValueError(ast.dump(sign))
