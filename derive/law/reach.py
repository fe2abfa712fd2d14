"""Where a solution asks for functions of a general law: their closed forms under a named one are those inside its support."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from sympy import Basic, Expr, Symbol
from sympy.logic.boolalg import Boolean

from derive import ir
from derive.field import NotRational, normal
from derive.law.truncate import pieces
from derive.shocks import LawFunction, replace_law
from derive.solution import Response, Solution

__all__ = ["beyond", "told_by", "told_of"]


def beyond(
    parts: Iterable[Basic],
    roots: Container[Expr],
    laws: Mapping[str, ir.Distribution],
    values: Mapping[Symbol, Expr],
    given: tuple[Boolean, ...],
) -> Iterator[Expr]:
    """The arguments other than `roots` of which it is not proved that they lie within the support of the named law."""
    nodes = dict.fromkeys(node.xreplace(dict(values)) for part in parts for node in sorted(part.atoms(LawFunction), key=str))
    for node in nodes:
        if node.law not in laws or _tidied(node.argument) in roots:
            continue
        law = laws[node.law]
        if pieces(node, law, given) != [((), replace_law(node, node.law, law))]:
            yield node.argument


def told_by(response: Response) -> Iterator[Basic]:
    """Everything that is told of a response."""
    yield from (item.equation for item in response.implicit)
    for case in response.cases:
        yield from (*case.region, *case.among, *(value for _, value in case.values))


def told_of(solution: Solution) -> Iterator[Basic]:
    """Everything that is told of the equilibria, and of where there are none."""
    yield from (relation for region in solution.regions for relation in region)
    for regime in solution.regimes:
        yield from (item.equation for item in regime.implicit)
        yield from regime.resolved().values()


def _tidied(argument: Expr) -> Expr:
    try:
        return normal(argument)
    except (NotRational, ZeroDivisionError):
        return argument
