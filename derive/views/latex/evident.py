"""Short certificates need no more words than the facts they rest on: how long one is, and which facts it uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sympy import Add, Expr, Pow, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import certificates as kinds
from derive.certificates import Certificate
from derive.views.latex.expanded import expanded

__all__ = ["added_to_others", "facts_of", "is_short", "is_single_sign", "is_solved", "nodes_of", "used_in"]

_SHORT = 9


def is_single_sign(relation: Boolean) -> bool:
    """Whether it is the sign of a single symbol, which needs no reminder."""
    return isinstance(relation, Relational) and relation.rhs == 0 and isinstance(relation.lhs, Symbol)


def is_solved(relation: Boolean) -> bool:
    """Whether it bounds a symbol by a fraction of others: ``d >= (T - R)/(T - P)``."""
    if not isinstance(relation, Relational) or not isinstance(relation.lhs, Symbol) or relation.lhs in relation.rhs.free_symbols:
        return False
    return any(power.exp.is_negative and power.base.free_symbols for power in relation.rhs.atoms(Pow))


def is_short(certificate: Certificate) -> bool:
    """Whether a reader sees the claim from the facts it uses."""
    return all(weight <= _SHORT for weight in accumulate(map(_weight, nodes_of(certificate))))


def _weight(node: Certificate) -> int:
    match node:
        case kinds.Assumed() | kinds.Denominator() | kinds.Using() | kinds.Abstracted():
            return 0
        case kinds.Slack():
            return len(Add.make_args(node.numerator)) + len(node.slacks) - 1
        case kinds.Products():
            equations = sum(2 + len(Add.make_args(multiplier)) for _, multiplier in node.equations)
            return equations + sum(1 if product.square**2 == 1 else 3 for product in node.products)
        case kinds.Squares():
            return 4 * len(node.squares)
        case kinds.Cases():
            return 4
        case kinds.Factors():
            return 1
        case kinds.KnownBound():
            return _SHORT + 1
    return 2


def nodes_of(certificate: Certificate, once: bool = False) -> Iterator[Certificate]:
    """The certificate and all inside it, each as often as it stands there or `once`."""
    waiting: list[object] = [certificate]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, tuple):
            waiting += reversed(one)
            continue
        if isinstance(one, Certificate):
            if once and id(one) in seen:
                continue
            seen.add(id(one))
            yield one
        kind: Any = type(one)
        waiting += [getattr(one, name) for name in _entries(kind)]


@lru_cache(maxsize=256)
def _entries(kind: type) -> tuple[str, ...]:
    """Where certificates may stand in a value of that kind, last things first."""
    names = [entry.name for entry in fields(kind)] if is_dataclass(kind) else []
    return tuple(name for name in reversed(names) if name not in ("claim", "given"))


def facts_of(certificate: Certificate) -> tuple[Boolean, ...]:
    """The relations among the certificate's ``given`` that it uses, in its own order; atoms are written out again."""
    nodes = tuple(nodes_of(certificate, once=True))
    used: list[Boolean] = []
    for node in nodes:
        if isinstance(node, kinds.Assumed | kinds.Opposed):
            used.append(node.fact)
        elif isinstance(node, kinds.Products):
            used += [fact for product in node.products for fact in product.facts]
            used += [equation for equation, _ in node.equations]
    return _as_given(used, certificate, nodes)


def used_in(certificate: Certificate) -> tuple[Boolean, ...] | None:
    """All relations that it takes as given; None where it writes them in other terms, so that this cannot be told."""
    found: list[Boolean] = []
    for node in nodes_of(certificate, once=True):
        match node:
            case kinds.Eliminated() | kinds.Named() | kinds.Abstracted() | kinds.Enclosed() | kinds.Switched():
                return None
            case kinds.Assumed() | kinds.Opposed() | kinds.Denominator():
                found.append(node.fact)
            case kinds.Cases(fact=Boolean() as fact):
                found.append(fact)
            case kinds.Products():
                found += [fact for product in node.products for fact in product.facts]
                found += [equation for equation, _ in node.equations]
    return tuple(found)


def added_to_others(certificate: Certificate, choices: Collection[Symbol] = ()) -> tuple[Boolean, ...]:
    """The facts it adds to others, so that these show nothing without them; signs that only multiply go without saying, unless
    they are those of `choices`."""
    nodes = tuple(nodes_of(certificate, once=True))
    sums = [node.products for node in nodes if isinstance(node, kinds.Products)]
    terms = [product.facts for products in sums if len(products) > 1 for product in products]
    terms += [facts for node in nodes if isinstance(node, kinds.Slack) for facts in _added_slacks(node)]
    alone = [fact for facts in terms for fact in facts if len(facts) == 1 or set(choices) & fact.free_symbols]
    return _as_given(alone, certificate, nodes)


def _added_slacks(certificate: kinds.Slack) -> Iterator[tuple[Boolean, ...]]:
    """What the terms of a sum of slacks are products of, where each is a fact."""
    facts = {one.symbol: one.sign.fact for one in certificate.slacks if isinstance(one.sign, kinds.Assumed)}
    terms = Add.make_args(certificate.numerator)
    for term in terms if len(terms) > 1 else ():
        yield tuple(facts[symbol] for symbol in sorted(term.free_symbols, key=str) if symbol in facts)


def _as_given(used: Sequence[Boolean], certificate: Certificate, nodes: Sequence[Certificate]) -> tuple[Boolean, ...]:
    written: dict[Symbol, Expr] = {}
    for node in nodes:
        if isinstance(node, kinds.Abstracted):
            written.update({atom.symbol: atom.expression for atom in node.atoms})
    given = {_form(relation): relation for relation in certificate.given}
    found = (given.get(_form(fact.xreplace(written))) for fact in used)
    return tuple(dict.fromkeys(fact for fact in found if fact is not None))


@lru_cache(maxsize=1 << 13)
def _form(relation: Boolean) -> object:
    return (relation.rel_op, expanded(relation.lhs - relation.rhs)) if isinstance(relation, Relational) else relation
