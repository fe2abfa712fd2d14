"""Signs on which an identity rests: roots of squares put in are absolute values, and which of the two they are is a fact."""

from __future__ import annotations

from collections.abc import Sequence

import sympy
from sympy import Abs, Expr
from sympy.logic.boolalg import Boolean

from derive.decision.problem import Journal
from derive.kernels import kernels
from derive.prove import prove
from derive.steps import Sign


def signs_behind(expr: Expr, given: Sequence[Boolean], journal: Journal) -> tuple[str, ...]:
    """The labels of steps that prove the signs of what `expr` has absolute values of, as far as they have one."""
    labels = []
    moduli = [node for node in kernels(expr) if isinstance(node, Abs)]
    for part in sorted({part for node in moduli for part in _parts(node.args[0])}, key=sympy.default_sort_key):
        for relation in (part > 0, part < 0):
            certificate = None if relation in (sympy.true, sympy.false) else prove(relation, given)
            if certificate is not None:
                labels.append(journal.add(Sign, given=tuple(given), relation=relation, certificate=certificate).label)
                break
    return tuple(labels)


def _parts(expr: Expr) -> tuple[Expr, ...]:
    """The factors of an expression that are no numbers, without their powers."""
    return tuple(factor.as_base_exp()[0] for factor in sympy.Mul.make_args(expr) if factor.free_symbols)
