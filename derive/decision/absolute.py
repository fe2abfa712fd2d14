"""Signs on which an identity rests: roots of squares put in are absolute values, and which of the two they are is a fact; powers of powers
are one power where what is raised is positive."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import sympy
from sympy import Abs, Expr, Pow
from sympy.logic.boolalg import Boolean

from derive.decision.problem import Journal
from derive.kernels import kernels
from derive.prove import prove
from derive.steps import Sign


def signs_behind(expr: Expr, given: Sequence[Boolean], journal: Journal) -> tuple[str, ...]:
    """The labels of steps that prove the signs of what `expr` has absolute values of, or powers of powers, as far as they have one."""
    labels = []
    parts = {part for node in kernels(expr) if isinstance(node, Abs) for part in _parts(node.args[0])}
    for part in sorted(parts | set(_raised_again(expr)), key=sympy.default_sort_key):
        for relation in (part > 0, part < 0):
            certificate = None if relation in (sympy.true, sympy.false) else prove(relation, given)
            if certificate is not None:
                labels.append(journal.add(Sign, given=tuple(given), relation=relation, certificate=certificate).label)
                break
    return tuple(labels)


def _parts(expr: Expr) -> tuple[Expr, ...]:
    """The factors of an expression that are no numbers, without their powers."""
    return tuple(factor.as_base_exp()[0] for factor in sympy.Mul.make_args(expr) if factor.free_symbols)


def _raised_again(expr: Expr) -> Iterator[Expr]:
    """The differences that are factors of what has a symbolic exponent under another power."""
    for node in kernels(expr):
        for inner in kernels(node.base) if _symbolic(node) else ():
            if _symbolic(inner):
                whole = sympy.factor_terms(sympy.together(inner.base))
                yield from (part for part in _parts(whole) if part.is_Add and len({*map(_turned, part.args)}) > 1)


def _symbolic(node: Expr) -> bool:
    return isinstance(node, Pow) and bool(node.exp.free_symbols) and node.base != sympy.E


def _turned(term: Expr) -> bool:
    return bool(term.could_extract_minus_sign())
