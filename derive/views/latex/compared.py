"""When two relations say the same, and which of several says most."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.shocks import LawFunction
from derive.views.latex.expanded import expanded

__all__ = ["is_law_fact", "normal_form", "scaled", "sharpest", "weaker"]


def is_law_fact(relation: Boolean) -> bool:
    """Whether it holds of every law inside its support: ``Lambda(z) > 0``, ``0 < F(z) < 1``, ``z > Lambda(z)``."""
    nodes = relation.atoms(LawFunction)
    if len(nodes) != 1 or not isinstance(relation, Relational) or "=" in relation.rel_op:
        return False
    (node,) = nodes
    large, small = (relation.lhs, relation.rhs) if relation.rel_op == ">" else (relation.rhs, relation.lhs)
    gap = expanded(large - small)
    return gap in (node, 1 - node, node.argument - node)


@lru_cache(maxsize=1 << 13)
def normal_form(relation: Boolean) -> object:
    """Equal for two spellings of one relation: ``p <= a/b`` and ``a/b - p >= 0``."""
    if not isinstance(relation, Relational):
        return relation
    difference = expanded(relation.lhs - relation.rhs)
    if relation.rel_op in ("<", "<="):
        return expanded(-difference), relation.rel_op.replace("<", ">")
    if relation.rel_op in ("==", "!="):
        return frozenset((difference, expanded(-difference))), relation.rel_op
    return difference, relation.rel_op


def weaker(relation: Boolean) -> Boolean:
    """An inequality that is not strict in place of a strict one."""
    loose = {">": ">=", "<": "<="}
    if isinstance(relation, Relational) and relation.rel_op in loose:
        return Relational(relation.lhs, relation.rhs, loose[relation.rel_op], evaluate=False)
    return relation


def sharpest(relations: Iterable[Boolean]) -> tuple[Boolean, ...]:
    """Each relation once, without those that one other implies by itself: of ``x > 2*y`` and ``x/2 >= y`` the first."""
    kept: dict[object, Boolean] = {}
    for relation in relations:
        kept.setdefault(scaled(relation), relation)
    return tuple(relation for relation in kept.values() if not any(one in kept for one in _sharper(relation)))


def _sharper(relation: Boolean) -> tuple[object, ...]:
    """The relations between the same two sides that imply this one."""
    if not isinstance(relation, Relational) or relation.rel_op not in (">=", "<=", "!="):
        return ()
    marks = {">=": (">", "=="), "<=": ("<", "=="), "!=": (">", "<")}[relation.rel_op]
    return tuple(scaled(Relational(relation.lhs, relation.rhs, mark, evaluate=False)) for mark in marks)


@lru_cache(maxsize=1 << 13)
def scaled(relation: Boolean) -> object:
    """Equal also for spellings that differ by a positive number."""
    if not isinstance(relation, Relational):
        return relation
    difference = (relation.lhs - relation.rhs).as_content_primitive()[1]
    return normal_form(Relational(difference, 0, relation.rel_op, evaluate=False))
