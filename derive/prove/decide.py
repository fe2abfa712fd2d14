"""A verdict on a claim: proved, refuted, true under an exact condition, vacuous or undecided."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flint import fmpq, fmpq_mpoly
from sympy import And, Eq, Expr, Integer, Mul, Not, Or, Poly, Rational, expand, false, to_nnf, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, Implies

from derive.certificates import Certificate
from derive.check.certificates import check
from derive.check.fractions import Rejected
from derive.prove.api import prove, refute
from derive.prove.atoms import has_atoms
from derive.prove.balls import refute_by_balls
from derive.prove.converse import prove_needed
from derive.prove.effort import Effort, allowance
from derive.prove.enclose import prove_by_balls
from derive.prove.extrema import unfolded
from derive.prove.goals import elimination, names, relevant
from derive.prove.oracle import satisfiable
from derive.prove.points import witness
from derive.prove.population import inhabited
from derive.prove.portfolio import prove_factors
from derive.prove.relations import TURN, conjunction, contrary, flatten, operator, rejoined, relation, substitute
from derive.prove.saturate import points, saturated
from derive.prove.space import NotRational, Space, TooLarge, space
from derive.prove.theory import Theory
from derive.prove.truth import true_at, values_of
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Threshold, Undecided, Vacuous, Verdict, Witness
from derive.tree import free_symbols

ENGINES = ("known signs and factors", "slack substitution", "products by linear programming", "cases")
DEPTH = 3
WORK = 30_000
READABLE = 12  # terms of a condition that is not solved for a symbol


@dataclass(frozen=True)
class _Question:
    claim: Boolean
    given: tuple[Boolean, ...]
    work: int
    depth: int = DEPTH

    def share(self, part: int, most: int | None = None) -> int:
        """One `part`-th of the work, at most `most`."""
        own = self.work // part
        return own if most is None else min(own, most)


def decide(claim: Boolean, given: Sequence[Boolean], *, work: int = WORK, depth: int = DEPTH) -> Verdict:
    """The verdict on `claim` (relations joined by And, Or, Not, Implies) under `given`.

    `depth` bounds the nested case distinctions, `work` the effort of each of the few proofs and searches that it takes.
    """
    question = _Question(_normal(claim), tuple(_plainly(fact) for fact in given), work, depth)
    facts = flatten(question.given)
    if not inhabited(facts) and witness(question.given, prefer_small=False) is None:
        empty = accepted(refute(question.given, work=question.share(3), splits=question.depth))
        if empty is not None:
            return Vacuous(empty)
    found = _settled_at_once(question)
    if found is not None:
        return found
    against = counterexample(question.claim, question.given)
    if against is not None:
        return _condition(question, against) or Refuted(against)
    obligation = _stalled(question)
    opinion = satisfiable((*question.given, Not(question.claim)))
    smt = "unknown" if opinion is None or has_atoms(question.claim) else "opposes" if opinion else "supports"
    return Undecided(obligation, ENGINES, smt)


def proved(claim: Boolean, given: Sequence[Boolean], *, work: int = WORK, depth: int = DEPTH) -> Certificate | None:
    """The certificate of a claim that `decide` would prove; where it would not, no counterexample and no condition is looked for."""
    found = _settled_at_once(_Question(_normal(claim), tuple(_plainly(fact) for fact in given), work, depth))
    return found.certificate if isinstance(found, Proved) else None


def _settled_at_once(question: _Question) -> Proved | Refuted | None:
    """A proof, or a point found by balls at which a claim with powers fails."""
    if has_atoms(unfolded(question.claim)):
        certain = refute_by_balls(question.claim, question.given)
        enclosed = accepted(prove_by_balls(question.claim, question.given)) if certain is None else None
        if certain is not None:
            return certain
        if enclosed is not None:
            return Proved(enclosed)
    proof = accepted(prove(question.claim, question.given, work=question.share(2), splits=question.depth))
    return None if proof is None else Proved(proof)


def accepted(proof: Certificate | None) -> Certificate | None:
    """A proof that the checker accepts, else None: no verdict rests on the search alone."""
    if proof is not None:
        try:
            check(proof)
        except Rejected:
            return None
    return proof


def _normal(claim: Boolean) -> Boolean:
    """Negations pushed into the relations, implications written as alternatives."""
    if isinstance(claim, Relational) or claim in (true, false):
        return claim
    if isinstance(claim, Not):
        return contrary(_normal(claim.args[0]))
    if isinstance(claim, Implies):
        return Or(contrary(_normal(claim.args[0])), _normal(claim.args[1]), evaluate=False)
    if isinstance(claim, And | Or):
        return rejoined(claim, [_normal(part) for part in claim.args])
    return _normal(to_nnf(claim, simplify=False))


def _plainly(fact: Boolean) -> Boolean:
    return _normal(fact) if fact.has(Implies, Not) else fact


def counterexample(claim: Boolean, given: tuple[Boolean, ...]) -> Witness | None:
    """A point at which the claim (relations joined by And and Or) fails and all of `given` hold, the shortest of those found."""
    if claim == true:
        return None
    parts = claim.args if isinstance(claim, And) else [claim]
    found = []
    for part in parts:
        point = witness((*given, contrary(part)))
        if point is not None:
            found.append(tuple(sorted(point.items(), key=lambda item: item[0].name)))
    return min(found, key=lambda w: (sum(len(str(value)) for _, value in w), str(w))) if found else None


# --- exact conditions ------------------------------------------------------------------------------------------------


def _condition(question: _Question, against: Witness) -> HoldsIff | None:
    claim = unfolded(question.claim)
    parts = claim.args if isinstance(claim, And) else [claim]
    conditions: list[Boolean] = []
    thresholds: list[Threshold] = []
    for part in parts:
        if not isinstance(part, Relational) or has_atoms(part):
            return None
        if not _fails(part, against) and prove(part, question.given, work=question.share(5), splits=question.depth) is not None:
            continue
        found = _threshold(question, part)
        if found is None:
            return None
        conditions.append(found[0])
        thresholds += found[1]
    if not conditions:
        return None
    condition = conjunction(conditions)
    if witness((*question.given, condition), prefer_small=False) is None:
        return None
    sufficient = accepted(prove(question.claim, (*question.given, condition), work=question.share(3), splits=question.depth))
    if sufficient is None:
        return None
    necessary = accepted(prove_needed(condition, question.claim, question.given, work=question.share(3)))
    if necessary is None:
        return None
    return HoldsIff(condition, sufficient, necessary, against, tuple(thresholds))


def _fails(part: Relational, at: Witness) -> bool:
    ring = space(tuple(symbol for symbol, _ in at))
    return true_at(part, ring, values_of(dict(at), ring)) is False


def _threshold(question: _Question, part: Relational) -> tuple[Boolean, list[Threshold]] | None:
    """The factors whose signs vary, as a condition: one factor alone is solved for a symbol where it is linear in one.

    A claim that is such a factor itself and cannot be solved has no condition that would say more.
    """
    effort = allowance(question.share(5, 2000), 1)
    reduced = _without_equations(part, flatten(question.given), effort)
    if reduced is None:
        return None
    known, claim = reduced
    space, op = known.space, operator(claim)
    try:
        value = space.difference(claim.lhs, claim.rhs)
    except (NotRational, TooLarge, ZeroDivisionError):
        return None
    constant, top = space.factor(value.numerator)
    scale, bottom = space.factor(value.denominator)
    turn = constant / scale
    odd: list[fmpq_mpoly] = []
    even: list[fmpq_mpoly] = []
    for base, exponent in [*top, *((b, -e) for b, e in bottom)]:
        sign = next((s for s in (">", "<") if prove_factors(known, fmpq(1), [(base, 1)], s, effort) is not None), None)
        if sign is not None:
            turn = -turn if sign == "<" and exponent % 2 else turn
        elif exponent > 0:
            (odd if exponent % 2 else even).append(base)
        elif exponent % 2 or prove_factors(known, fmpq(1), [(base, 1)], "!=", effort) is None:
            return None
    goal = op if turn > 0 else TURN[op]
    if not odd:
        return _of_squares([space.expression(base) for base in even], goal)
    if claim is part and len(top) == len(odd) == 1 and top[0][1] == 1 and not bottom:
        core = _solved(known, odd[0], goal, effort) or _isolated(known, odd[0], goal)
    elif len(odd) == 1:
        core = _solved(known, odd[0], goal, effort) or _isolated(known, odd[0], goal) or _sign(space, odd, goal)
    else:
        core = _sign(space, odd, goal)
    if core is None or not even:
        return core
    zeros = [_plain(space.expression(base), "!=" if goal in (">", "<", "!=") else "=") for base in even]
    join = And if goal in (">", "<", "!=") else Or
    return join(core[0], *zeros, evaluate=False), core[1]


def _of_squares(bases: list[Expr], op: str) -> tuple[Boolean, list[Threshold]] | None:
    """When a product of squares is positive, or is zero; None where it is always or never so."""
    if op in (">", "!="):
        return conjunction([_plain(base, "!=") for base in bases]), []
    zeros = [_plain(base, "=") for base in bases]
    return (zeros[0] if len(zeros) == 1 else Or(*zeros, evaluate=False), []) if op in ("<=", "=") and zeros else None


def _plain(base: Expr, op: str) -> Relational:
    """``base op 0``, solved where it names one symbol and is linear in it (op is ``=`` or ``!=``)."""
    if len(free_symbols(base)) == 1:
        (symbol,) = free_symbols(base)
        root = base.xreplace({symbol: Integer(0)})
        slope = base.xreplace({symbol: Integer(1)}) - root
        if slope != 0 and expand(base - root - slope * symbol) == 0:
            return relation(symbol, op, -root / slope)
    return relation(base, op)


def _sign(space: Space, bases: list[fmpq_mpoly], op: str) -> tuple[Boolean, list[Threshold]] | None:
    """The sign of the factors as it stands, where a reader would call that a condition."""
    if sum(len(base) for base in bases) > READABLE:
        return None
    return relation(Mul(*map(space.expression, bases)), op), []


def _without_equations(claim: Relational, given: tuple[Boolean, ...], effort: Effort) -> tuple[Theory, Relational] | None:
    for _ in range(8):
        near = relevant(claim, given)
        if any(isinstance(fact, Or) or has_atoms(fact) for fact in near):
            return None
        step = elimination(near, effort)
        if step is None:
            return saturated(near, names((*near, claim))), claim
        claim, given = substitute(claim, {step.symbol: step.value}), flatten(step.inner)
    return None


def _solved(known: Theory, base: fmpq_mpoly, op: str, effort: Effort) -> tuple[Boolean, list[Threshold]] | None:
    space = known.space
    options = []
    for v, degree in enumerate(base.degrees()[: space.size]):
        if degree == 1:
            parts = space.split(base, v)
            options.append(((len(parts[1]), int(parts[1].total_degree()), -v), v, parts[1], parts.get(0, space.zero)))
    for _, v, lead, rest in sorted(options, key=lambda option: option[0]):
        constant, factors = space.factor(lead)
        for sign, goal in ((">", op), ("<", TURN[op])):
            if prove_factors(known, constant, factors, sign, effort) is not None:
                top, bottom = (rest, -lead) if lead.leading_coefficient() < 0 else (-rest, lead)
                value = space.expression(top) / space.expression(bottom)
                return relation(space.symbols[v], goal, value), []
    return None


def _isolated(known: Theory, base: fmpq_mpoly, op: str) -> tuple[Boolean, list[Threshold]] | None:
    """A polynomial in one symbol with the roots that its range leaves."""
    used = [v for v, degree in enumerate(base.degrees()[: known.space.size]) if degree]
    if len(used) != 1:
        return None
    symbol = known.space.symbols[used[0]]
    polynomial = Poly(known.space.expression(base), symbol)
    found = []
    for (low, high), _ in polynomial.intervals(eps=Rational(1, 10**6)) if points(known) else []:
        low, high = Rational(low), Rational(high)
        if low == high or polynomial.eval(low) * polynomial.eval(high) < 0:
            at_ends = (relation(symbol, "=", low), relation(symbol, "=", high))
            if any(satisfiable((*known.given, end)) is not False for end in at_ends):
                found.append(Threshold(symbol, polynomial.as_expr(), low, high))
    return relation(known.space.expression(base), op), found


def _stalled(question: _Question) -> Boolean:
    """The first part, and in it the first factor, whose sign was not found."""
    parts = question.claim.args if isinstance(question.claim, And) else [question.claim]
    for part in parts:
        if prove(part, question.given, work=question.share(3), splits=question.depth) is not None:
            continue
        if not isinstance(part, Relational) or has_atoms(part) or isinstance(part, Eq):
            return part
        effort = allowance(question.share(3), 1)
        reduced = _without_equations(part, flatten(question.given), effort)
        if reduced is None:
            return part
        known, claim = reduced
        try:
            value = known.space.difference(claim.lhs, claim.rhs)
        except (NotRational, TooLarge, ZeroDivisionError):
            return part
        for divisor in value.divisors:
            for base, _ in known.space.factor(divisor)[1]:
                if prove_factors(known, fmpq(1), [(base, 0)], "!=", effort) is None:
                    return relation(known.space.expression(base), "!=")
        return part
    return question.claim
