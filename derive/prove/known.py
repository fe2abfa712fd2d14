"""Bounds of known functions: tangents of the logarithm, the sign of Lambert's function, the range of the error function."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice

from sympy import Integer, LambertW, erf, log
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate, KnownBound
from derive.prove.atoms import kernels_of
from derive.prove.relations import flatten, relation

__all__ = ["known_bounds"]

Prover = Callable[[Boolean, tuple[Boolean, ...]], Certificate | None]
MOST = 4
ONE = Integer(1)


def known_bounds(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> tuple[Certificate, ...]:
    """What is known of the logarithms and of the values of Lambert's and the error function that occur in a question."""
    kernels = dict.fromkeys(node for statement in (claim, *flatten(given)) for node in kernels_of(statement))
    nodes = (node for node in kernels if isinstance(node, log | LambertW | erf) and len(node.args) == 1)
    return tuple(bound for node in islice(nodes, MOST) for bound in _bounds(node, given, prove))


def _bounds(node: log | LambertW | erf, given: tuple[Boolean, ...], prove: Prover) -> Iterator[Certificate]:
    argument = node.args[0]
    if isinstance(node, erf):
        for op, end in (("<", ONE), (">", -ONE)):
            yield KnownBound(claim=relation(node, op, end), given=given, node=node)
        return
    inside = set(kernels_of(argument))
    usable = tuple(fact for fact in flatten(given) if set(kernels_of(fact)) <= inside)
    premise = prove(relation(argument, ">"), usable)
    if premise is None:
        return
    of_log = (("<=", argument - 1), (">=", 1 - 1 / argument))
    for op, end in of_log if isinstance(node, log) else ((">", Integer(0)),):
        yield KnownBound(claim=relation(node, op, end), given=given, node=node, premise=premise)
