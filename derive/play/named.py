"""Named laws that were treated by their properties alone, put into closed form once an optimum is found.

A stock is then either a bound or the root of a condition that lies inside the support. The root is solved where it can be
(`derive.law.instances`); what remains of the law's functions is replaced by the closed form of the piece in which the argument lies,
and a region is divided where that depends on the parameters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product

from sympy import Basic, Eq, Expr, Integer
from sympy.logic.boolalg import Boolean

from derive import ir
from derive.algebra.signs import sign
from derive.decision.problem import Journal, relation_at, restriction, unique
from derive.errors import Refusal
from derive.field import factored, normal
from derive.law.instances import specialise
from derive.law.truncate import MAX_CASES, pieces
from derive.play.setting import Continuation, Setting, inside, settled
from derive.prove import prove, refute
from derive.prove.relations import compared
from derive.shocks import Cdf, LawFunction
from derive.solution import Implicit

__all__ = ["in_closed_form"]


def in_closed_form(
    setting: Setting, continuation: Continuation, known: Sequence[Boolean], journal: Journal
) -> list[Continuation]:
    """The continuation with its named laws in closed form, divided by where the arguments of their functions lie."""
    named = dict(setting.named)
    if not named:
        return [continuation]
    continuation = _solved(setting, continuation, named, known, journal)
    nodes = _nodes(continuation.region, named)
    given = (*known, *inside(setting, continuation))
    options = [pieces(node, named[node.law], given) for node in nodes]
    found = []
    for choice in product(*options):
        values = {node: value for node, (_, value) in zip(nodes, choice, strict=True)}
        where = unique(relation for relations, _ in choice for relation in relations)
        region = unique((*(_relation_at(r, values, given) if values else r for r in continuation.region), *where))
        if False in region or (nodes and refute((*known, *region)) is not None):
            continue
        found.append(_with_values(setting, replace(continuation, region=region), known))
    if len(found) > MAX_CASES:
        raise Refusal(f"the laws give {len(found)} cases, more than {MAX_CASES}")
    return found


def _relation_at(relation: Boolean, values: Mapping[Expr, Expr], given: Sequence[Boolean]) -> Boolean:
    """A relation with the law's functions in closed form. At an end of the support, where a denominator may vanish, it is what it is
    close to that end. Raises Refusal where that is open."""
    if isinstance(relation, Eq):
        return relation_at(relation, dict(values))
    stated = restriction("", relation)
    top, bottom = stated.slack.as_numer_denom()
    if not bottom.has(*values):
        return relation_at(relation, dict(values))
    probabilities = [node for node in values if isinstance(node, Cdf)]
    inside_ = (*given, *(compared(node, ">") for node in probabilities), *(compared(node, "<", Integer(1)) for node in probabilities))
    direction = sign(bottom, inside_, prove)
    if direction is None:
        raise Refusal(f"what {relation} comes to at an end of the support is open")
    return replace(stated, slack=direction * top).at(dict(values)).relation


def _nodes(expressions: Sequence[Basic], named: Mapping[str, ir.Distribution]) -> list[LawFunction]:
    found = {node for entry in expressions for node in entry.atoms(LawFunction) if node.law in named}
    return sorted(found, key=str)


def _with_values(setting: Setting, continuation: Continuation, known: Sequence[Boolean]) -> Continuation:
    given = (*known, *continuation.region)
    values = tuple((symbol, settled(setting, value, given, continuation.within)) for symbol, value in continuation.values)
    return replace(continuation, values=values)


def _placed(
    item: Implicit, nodes: Sequence[LawFunction], named: Mapping[str, ir.Distribution], given: Sequence[Boolean]
) -> Expr:
    """The condition with the law's functions at other arguments than the quantity in closed form. Raises Refusal where it is open in
    which piece of the law such an argument lies."""
    inside_ = (*given, *(r for r in (item.symbol > item.low, item.symbol < item.high) if r != True))  # noqa: E712
    closed: dict[Expr, Expr] = {}
    for node in (node for node in nodes if node.argument != item.symbol):
        options = pieces(type(node)(node.law, factored(node.argument).expression()), named[node.law], inside_)
        if len(options) != 1:
            raise Refusal(f"it is open on which side of the law's ends {node.argument} lies", symbol=str(item.symbol))
        closed[node] = options[0][1]
    return item.equation.xreplace(closed)


def _solved(
    setting: Setting,
    continuation: Continuation,
    named: Mapping[str, ir.Distribution],
    known: Sequence[Boolean],
    journal: Journal,
) -> Continuation:
    """Implicit quantities in closed form where that is proved, and the conditions of the others without law functions."""
    closed: dict[Expr, Expr] = {}
    kept: list[Implicit] = []
    for item in continuation.implicit:
        nodes = _nodes((item.equation,), named)
        if not nodes:
            kept.append(item)
            continue
        law = named[nodes[0].law]
        given = (*known, *continuation.region)
        label = f"{journal.prefix}.{len(journal.steps) + 1}"
        condition = _placed(item, nodes, named, given)
        special = specialise(condition, item.symbol, nodes[0].law, law, given, label)
        if special.closed is None:
            equation = settled(setting, condition, given, (item.symbol,))
            kept.append(Implicit(item.symbol, equation, special.low, special.high, item.sign))
            continue
        closed[item.symbol] = special.closed
        journal.steps += [replace(step, given=given) for step in special.proof]
    values = [(symbol, normal(value.xreplace(closed))) for symbol, value in continuation.values]
    chosen = {variable.symbol for variable in setting.model.variables} - set(dict(values))
    values += [(symbol, value) for symbol, value in closed.items() if symbol in chosen]
    within = [
        argument.xreplace(closed) for argument in (*continuation.within, *(item.symbol for item in continuation.implicit))
    ]
    return replace(
        continuation,
        within=tuple(within),
        values=tuple(values),
        implicit=tuple(replace(item, equation=item.equation.xreplace(closed)) for item in kept),
        region=tuple(relation_at(r, closed) if r.free_symbols & set(closed) else r for r in continuation.region),
    )
