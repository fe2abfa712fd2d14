"""Short certificates need no more words than the facts they rest on: how long one is, and which facts it uses."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from itertools import accumulate
from typing import Any

from sympy import Add, Expr, Mul, Pow, Symbol, false, log
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
    """Whether a reader sees the claim from the facts it uses, as that of a logarithm of a ratio is seen from the order of two numbers."""
    return _is_of_logarithm(certificate.claim) or all(weight <= _SHORT for weight in accumulate(map(_weight, nodes_of(certificate))))


def _is_of_logarithm(claim: Boolean) -> bool:
    """Whether it is the sign of a logarithm of symbols, times symbols."""
    if not isinstance(claim, Relational) or claim.rhs != 0:
        return False
    logarithms = [factor for factor in Mul.make_args(claim.lhs) if isinstance(factor, log)]
    rest = [factor for factor in Mul.make_args(claim.lhs) if factor not in logarithms]
    inside = [factor.as_base_exp()[0] for one in logarithms for factor in Mul.make_args(one.args[0])]
    return len(logarithms) == 1 and all(isinstance(factor, Symbol) or factor.is_number for factor in (*inside, *rest))


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
    """The relations among its ``given`` that it uses; None where that cannot be told."""
    used = _used(certificate, {})
    given = {_form(fact) for fact in certificate.given}
    return None if used is None or any(_form(fact) not in given for fact in used) else used


_Found = dict[int, "tuple[Boolean, ...] | None"]


def _used(certificate: Certificate, found: _Found) -> tuple[Boolean, ...] | None:
    if id(certificate) not in found:
        found[id(certificate)] = _used_here(certificate, found)
    return found[id(certificate)]


def _used_here(certificate: Certificate, found: _Found) -> tuple[Boolean, ...] | None:
    if isinstance(certificate, kinds.Enclosed | kinds.Switched):
        return None
    below: list[Boolean] = []
    for child in _children(certificate):
        used = _used(child, found)
        if used is not None and isinstance(certificate, kinds.Eliminated) and child is certificate.proof:
            used = _before(used, certificate)
        if used is None:
            return None
        below += used
    match certificate:
        case kinds.Abstracted():
            written = {atom.symbol: atom.expression for atom in certificate.atoms}
            below = [fact.xreplace(written) for fact in below]
        case kinds.Using():
            below = _without(below, [lemma.claim for lemma in certificate.lemmas], certificate)
        case kinds.Contradiction():
            below = _without(below, [certificate.claim.negated], certificate)
        case kinds.Cases():
            below = _without(below, [condition for condition, _ in certificate.branches], certificate)
            below += [certificate.fact] if certificate.fact is not None else []
        case kinds.Assumed() | kinds.Opposed() | kinds.Denominator():
            below.append(certificate.fact)
        case kinds.Eliminated():
            below.append(certificate.equation)
        case kinds.Products():
            below += [fact for product in certificate.products for fact in product.facts]
            below += [equation for equation, _ in certificate.equations]
    return tuple(dict.fromkeys(below))


def _without(facts: Sequence[Boolean], supposed: Sequence[Boolean], certificate: Certificate) -> list[Boolean]:
    """The facts but those that are only supposed or shown inside."""
    forms = set(map(_form, supposed)) - set(map(_form, certificate.given))
    return [fact for fact in facts if _form(fact) not in forms]


def _before(used: Sequence[Boolean], certificate: kinds.Eliminated) -> tuple[Boolean, ...] | None:
    """What was given before a value was put in for a symbol, of relations that are used afterwards; None where one is not found."""
    put = {certificate.symbol: certificate.value}
    given = {_form(fact.xreplace(put)): fact for fact in certificate.given}
    wanted = [_form(fact) for fact in used if _form(fact) != _form(certificate.nonzero.claim)]
    return tuple(given[form] for form in wanted) if all(form in given for form in wanted) else None


def _children(value: object) -> Iterator[Certificate]:
    """The certificates right inside a certificate."""
    kind: Any = type(value)
    for part in value if isinstance(value, tuple) else (getattr(value, name) for name in _entries(kind)):
        if isinstance(part, Certificate):
            yield part
        else:
            yield from _children(part)


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
    """Equal for relations whose sides differ by the same, whichever is the larger one."""
    if not isinstance(relation, Relational):
        return relation
    difference = expanded(relation.lhs - relation.rhs)
    if difference.is_number and relation.func(difference, 0) == false:
        return false
    if relation.rel_op in ("<", "<="):
        return relation.rel_op.replace("<", ">"), expanded(-difference)
    if relation.rel_op in ("==", "!="):
        return relation.rel_op, frozenset((difference, expanded(-difference)))
    return relation.rel_op, difference
