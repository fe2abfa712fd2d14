"""Comparisons of powers with symbolic exponents: order of the bases, and tangents of convex or concave powers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

from sympy import Expr, Integer, Mul, Pow, Rational, Symbol, exp, expand
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import Certificate, PowerOrder, PowerTangent, Using
from derive.prove.atoms import Opaque, kernels_of, prove_with_atoms, split
from derive.prove.known import known_bounds
from derive.prove.relations import flatten, relation, substitute
from derive.prove.space import NotRational, TooLarge, space

Prover = Callable[[Boolean, tuple[Boolean, ...]], Certificate | None]
ONE = Integer(1)
BASES = 4


def prove_powers(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    """Certificate of a claim with powers: their atoms alone, then with the order of powers, then with tangents as well.

    `prove` is the prover for the rational side goals (and, recursively, for anything).
    """
    proof = prove_with_atoms(claim, given, prove)
    if proof is not None:
        return proof
    bounds = known_bounds(claim, given, prove)
    if bounds:
        proof = prove_with_atoms(claim, (*given, *(bound.claim for bound in bounds)), prove)
        if proof is not None:
            return Using(claim=claim, given=given, lemmas=bounds, proof=proof)
    if not _essential(claim):
        return None
    groups = _groups(claim)
    rational = tuple(fact for fact in flatten(given) if not kernels_of(fact))
    tried: set[tuple[Certificate, ...]] = {()}
    for rule in (_orders, _tangents, _both):
        lemmas = tuple(lemma for exponent, bases in groups for lemma in rule(exponent, bases, rational, prove))
        if lemmas in tried:
            continue
        tried.add(lemmas)
        extended = (*given, *(lemma.claim for lemma in lemmas))
        proof = prove_with_atoms(claim, extended, prove)
        if proof is not None:
            return Using(claim=claim, given=given, lemmas=lemmas, proof=proof)
    return None


def _essential(claim: Boolean) -> bool:
    """Whether powers occur in the claim other than as common factors."""
    if not isinstance(claim, Relational):
        return True
    symbols: dict[Expr, Symbol] = {}
    replaced: dict[Expr, Expr] = {}
    for kernel in kernels_of(claim):
        try:
            base, whole, pieces = split(kernel)
        except Opaque:
            return False
        factors = [symbols.setdefault(piece.expression, Symbol(f"_{len(symbols)}", real=True)) ** n for piece, n in pieces]
        replaced[kernel] = Mul(base**whole, *factors)
    plain = substitute(claim, replaced)
    ring = space(tuple(sorted(plain.free_symbols, key=lambda s: s.name)))
    try:
        numerator = ring.difference(plain.lhs, plain.rhs).numerator
    except (NotRational, TooLarge, ZeroDivisionError):
        return False
    powers = {symbol for expression, symbol in symbols.items() if isinstance(expression, Pow | exp)}
    atoms = [i for i, symbol in enumerate(ring.symbols) if symbol in powers]
    return any(len(base) > 1 and any(base.degrees()[i] for i in atoms) for base, _ in ring.factor(numerator)[1])


def _groups(claim: Boolean) -> list[tuple[Expr, list[Expr]]]:
    """Exponents (one of each pair of opposites) with the bases that carry them in `claim`."""
    found: dict[Expr, dict[Expr, None]] = {}
    for kernel in kernels_of(claim):
        if isinstance(kernel, Pow) and not isinstance(kernel.exp, Rational) and not kernels_of(kernel.base):
            exponent = expand(kernel.exp)
            if not kernels_of(exponent):
                opposite = expand(-exponent)
                found.setdefault(opposite if opposite in found else exponent, {})[kernel.base] = None
    return [(exponent, list(bases)[:BASES]) for exponent, bases in found.items()]


def _first(goals: Iterator[Boolean], given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    return next((proof for goal in goals if (proof := prove(goal, given)) is not None), None)


def _positive(bases: tuple[Expr, Expr], given: tuple[Boolean, ...], prove: Prover) -> tuple[Certificate, Certificate] | None:
    left, right = (prove(relation(base, ">"), given) for base in bases)
    return None if left is None or right is None else (left, right)


def _orders(exponent: Expr, bases: list[Expr], given: tuple[Boolean, ...], prove: Prover) -> Iterator[Certificate]:
    direction = _first((relation(exponent, op) for op in (">", "<", ">=", "<=")), given, prove)
    if direction is None:
        return
    sign = {">": 1, ">=": 1, "<": -1, "<=": -1}[direction.claim.rel_op]
    for k, left in enumerate(bases):
        for right in [*bases[k + 1 :], ONE]:
            positive = _positive((left, right), given, prove)
            order = _first((relation(left, op, right) for op in (">", "<", ">=", "<=")), given, prove) if positive else None
            if positive is None or order is None:
                continue
            up = (order.claim.rel_op in (">", ">=")) == (sign > 0)
            strict = all(proof.claim.rel_op in (">", "<") for proof in (order, direction))
            op = (">" if up else "<") + ("" if strict else "=")
            claim = relation(Pow(left, exponent), op, Pow(right, exponent))
            yield PowerOrder(
                claim=claim,
                given=given,
                left=left,
                right=right,
                exponent=exponent,
                positive=positive,
                order=order,
                direction=direction,
            )


def _tangents(exponent: Expr, bases: list[Expr], given: tuple[Boolean, ...], prove: Prover) -> Iterator[Certificate]:
    for power in (exponent, expand(-exponent)):
        yield from _tangents_of(power, bases, given, prove)


def _both(exponent: Expr, bases: list[Expr], given: tuple[Boolean, ...], prove: Prover) -> Iterator[Certificate]:
    yield from _orders(exponent, bases, given, prove)
    yield from _tangents(exponent, [*bases, ONE], given, prove)


def _tangents_of(exponent: Expr, bases: list[Expr], given: tuple[Boolean, ...], prove: Prover) -> Iterator[Certificate]:
    convex = _first(iter((relation(exponent, "<="), relation(exponent, ">=", ONE))), given, prove)
    bounds: tuple[Certificate, ...] = (convex,) if convex is not None else ()
    if convex is None:
        low, high = prove(relation(exponent, ">="), given), prove(relation(exponent, "<=", ONE), given)
        if low is None or high is None:
            return
        bounds = (low, high)
    for left, right in permutations(bases, 2):
        positive = _positive((left, right), given, prove)
        if positive is None:
            continue
        tangent = Pow(right, exponent) * (1 + exponent * (left / right - 1))
        claim = relation(Pow(left, exponent), ">=" if convex is not None else "<=", tangent)
        yield PowerTangent(
            claim=claim,
            given=given,
            left=left,
            right=right,
            exponent=exponent,
            positive=positive,
            range=bounds,
        )
