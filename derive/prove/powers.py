"""Comparisons of powers with symbolic exponents: order of the bases, and tangents of convex or concave powers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

from sympy import Add, And, Expr, Ge, Gt, Integer, Le, Lt, Mul, Pow, Rational, Symbol, exp, expand, false, nan, oo, zoo
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.certificates import (
    Assumed,
    Cases,
    Certificate,
    Chain,
    Conjunction,
    Contradiction,
    Eliminated,
    Factors,
    Opposed,
    PowerOrder,
    PowerTangent,
    Using,
)
from derive.prove.atoms import Opaque, kernels_of, prove_with_atoms, split
from derive.prove.known import known_bounds
from derive.prove.relations import denial, fixed, flatten, operator, relation, sides, substitute
from derive.prove.space import NotRational, TooLarge, space
from derive.tree import free_symbols

Prover = Callable[[Boolean, tuple[Boolean, ...]], Certificate | None]
ZERO, ONE = Integer(0), Integer(1)
BASES = 4
MOST_EDGES = 3


def prove_powers(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    """Certificate of a claim with powers: two powers compared through a tangent, at the edges of what is given apart from the rest;
    then by their atoms alone, with the order of powers, and with tangents as well.

    `prove` is the prover for the rational side goals (and, recursively, for anything).
    """
    if isinstance(claim, And):
        parts = []
        for part in claim.args:
            proof = prove(part, given)
            if proof is None:
                return None
            parts.append(proof)
        return Conjunction(claim=claim, given=given, parts=tuple(parts))
    return (
        _with_number(claim, given, prove)
        or _by_chain(claim, given, prove)
        or _edges_apart(claim, given, prove)
        or _with_lemmas(claim, given, prove)
    )


def _with_number(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    """The claim with the number put in that an equation gives a symbol of one of its powers."""
    spoken = {symbol for statement in (claim, *given) for kernel in kernels_of(statement) for symbol in free_symbols(kernel)}
    for fact in given:
        for symbol, value in fixed((fact,)).items():
            if symbol not in spoken:
                continue
            others = [substitute(one, {symbol: value}) for one in given if one != fact]
            goal = substitute(claim, {symbol: value})
            if any(one.has(nan, zoo, oo, -oo) for one in (goal, *others)):
                continue
            one = Factors(claim=relation(ONE, "!="), given=given, coefficient=ONE)
            proof = prove(goal, tuple(others))
            if proof is None:
                continue
            return Eliminated(
                claim=claim, given=given, symbol=symbol, value=value, equation=fact, lead=ONE, nonzero=one, proof=proof
            )
    return None


def _by_chain(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    """``A * x**e > B * y**e`` through ``A * t * y**e``, where ``x**e > t * y**e`` by a tangent and ``A * t > B`` is rational."""
    if not isinstance(claim, Relational) or not _essential(claim):
        return None
    greater, op, smaller = sides(claim)
    upper, lower = _carrier(greater), _carrier(smaller)
    if op not in (">", ">=") or upper is None or lower is None or upper[0] == lower[0]:
        return None
    (above, exponent, scale), (below, other, _) = upper, lower
    exponent = other if above == ONE else exponent
    if below != ONE and above != ONE and exponent != other:
        return None
    rational = tuple(fact for fact in flatten(given) if not kernels_of(fact))
    for power in (exponent, expand(-exponent)):
        left, right = (above, below) if power == exponent else (below, above)
        lemma = next(
            (one for one in _tangents_of(power, [left, right], rational, prove) if one.claim.lhs == Pow(left, power)), None
        )
        if lemma is None or lemma.claim.rel_op not in (">", ">="):
            continue
        middle = scale * (1 + power * (left / right - 1)) * Pow(below, exponent)
        for first, second in ((">=", op), (op, ">=")) if op == ">" else ((op, op),):
            known = (*given, lemma.claim)
            start = prove_with_atoms(relation(greater, first, middle), known, prove)
            end = prove_with_atoms(relation(middle, second, smaller), given, prove) if start is not None else None
            if start is not None and end is not None:
                whole = Chain(claim=relation(greater, op, smaller), given=known, links=(start, end))
                proof = Using(claim=whole.claim, given=given, lemmas=(lemma,), proof=whole)
                return proof if whole.claim == claim else _turned(claim, proof)
    return None


def _turned(claim: Boolean, proof: Certificate) -> Certificate:
    """``a < b`` from ``b > a``."""
    known = (*proof.given, proof.claim)
    return Using(claim=claim, given=proof.given, lemmas=(proof,), proof=Assumed(claim=claim, given=known, fact=proof.claim))


def _carrier(side: Expr) -> tuple[Expr, Expr, Expr] | None:
    """``(base, exponent, the rest)`` of a product with powers of one base and nothing else that is not rational; the base is 1 where
    there are no powers."""
    if not kernels_of(side):
        return ONE, ONE, side
    if isinstance(side, Add):
        return None
    carried = list(_carried(side))
    rest = Mul(*(factor for factor in Mul.make_args(side) if not kernels_of(factor)))
    if len(carried) != 1 or len(carried[0]) != 1:
        return None
    ((base, exponent),) = carried[0].items()
    return base, expand(exponent), rest


def _edges_apart(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    """A strict claim for which the bound of a symbol counts: on the bound, and off it."""
    if not isinstance(claim, Gt | Lt) or not _essential(claim):
        return None
    edges = [
        fact
        for fact in flatten(given)
        if isinstance(fact, Ge | Le) and 0 < len(free_symbols(fact)) <= 2 and not kernels_of(fact)
    ]
    edges = [fact for fact in edges if free_symbols(fact) <= free_symbols(claim)][:MOST_EDGES]
    if not edges or _by_chain(relation(claim.lhs, operator(claim) + "=", claim.rhs), given, prove) is None:
        return None
    for edge in edges:
        on, off, beyond = (relation(edge.lhs, op, edge.rhs) for op in ("=", operator(edge)[0], operator(denial(edge))))
        inside = [(case, _by_chain(claim, (*given, case), prove)) for case in (on, off)]
        branches = [(case, proof) for case, proof in inside if proof is not None]
        if len(branches) == len(inside):
            facts = (*given, beyond)
            against = Opposed(claim=false, given=facts, fact=edge, denial=Assumed(claim=beyond, given=facts, fact=beyond))
            branches.append((beyond, Contradiction(claim=claim, given=facts, refutation=against)))
            return Cases(claim=claim, given=given, branches=tuple(branches))
    return None


def _with_lemmas(claim: Boolean, given: tuple[Boolean, ...], prove: Prover) -> Certificate | None:
    proof = prove_with_atoms(claim, given, prove)
    if proof is not None:
        return proof
    for bounds in known_bounds(claim, given, prove):
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
    ring = space(tuple(sorted(free_symbols(plain), key=lambda s: s.name)))
    try:
        numerator = ring.difference(plain.lhs, plain.rhs).numerator
    except (NotRational, TooLarge, ZeroDivisionError):
        return False
    powers = {symbol for expression, symbol in symbols.items() if isinstance(expression, Pow | exp)}
    atoms = [i for i, symbol in enumerate(ring.symbols) if symbol in powers]
    return any(len(base) > 1 and any(base.degrees()[i] for i in atoms) for base, _ in ring.factor(numerator)[1])


def _groups(claim: Boolean) -> list[tuple[Expr, list[Expr]]]:
    """Exponents (one of each pair of opposites) with the bases that carry them in a term of `claim`."""
    found: dict[Expr, dict[Expr, None]] = {}
    for part in claim.atoms(Relational):
        for side in (part.lhs, part.rhs):
            for term in _carried(side):
                for base, exponent in term.items():
                    total = expand(exponent)
                    if free_symbols(total) and not kernels_of(total):
                        opposite = expand(-total)
                        found.setdefault(opposite if opposite in found else total, {})[base] = None
    ordered = sorted(found.items(), key=lambda item: str(item[0]))
    return [(exponent, sorted(bases, key=str)[:BASES]) for exponent, bases in ordered]


def _carried(expression: Expr) -> Iterator[dict[Expr, Expr]]:
    """For every term of sums, inside and out, the exponents of its powers added up by their bases."""
    if isinstance(expression, Add):
        for term in expression.args:
            yield from _carried(term)
        return
    here: dict[Expr, Expr] = {}
    for factor in Mul.make_args(expression):
        if isinstance(factor, Pow) and not isinstance(factor.exp, Rational) and not kernels_of(factor.base):
            here[factor.base] = here.get(factor.base, Integer(0)) + factor.exp
        elif isinstance(factor, Add):
            yield from _carried(factor)
        elif isinstance(factor, Pow) and isinstance(factor.exp, Integer):
            yield from _carried(factor.base)
    if here:
        yield here


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
    convex = _first(
        (relation(exponent, op, end) for op, end in (("<", ZERO), (">", ONE), ("<=", ZERO), (">=", ONE))), given, prove
    )
    bounds: tuple[Certificate, ...] = (convex,) if convex is not None else ()
    if convex is None:
        low = _first((relation(exponent, op) for op in (">", ">=")), given, prove)
        high = _first((relation(exponent, op, ONE) for op in ("<", "<=")), given, prove) if low is not None else None
        if low is None or high is None:
            return
        bounds = (low, high)
    sharp = all(bound.claim.rel_op in (">", "<") for bound in bounds)
    for left, right in permutations(bases, 2):
        positive = _positive((left, right), given, prove)
        if positive is None:
            continue
        tangent = Pow(right, exponent) * (1 + exponent * (left / right - 1))
        apart = prove(relation(left, "!=", right), given) if sharp else None
        claim = relation(Pow(left, exponent), (">" if convex is not None else "<") + ("" if apart else "="), tangent)
        yield PowerTangent(
            claim=claim,
            given=given,
            left=left,
            right=right,
            exponent=exponent,
            positive=positive,
            range=bounds,
            apart=apart,
        )
