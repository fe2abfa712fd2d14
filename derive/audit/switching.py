"""Claims that a quantity is first positive, then zero once, then negative: one threshold, between rational bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import flint
import sympy
from sympy import Add, And, Eq, Expr, Ge, Gt, Implies, Le, Lt, Mul, Rational, Symbol
from sympy.core.relational import Equality, Relational, Unequality
from sympy.logic.boolalg import Boolean, BooleanFunction

from derive.audit.conditions import sign_of
from derive.certificates import Certificate, Conjunction, Switched
from derive.field import NotRational, coefficients, derivative, factored
from derive.ir import Switches
from derive.prove import decide
from derive.prove.atoms import has_atoms
from derive.prove.balls import Window, samples, sign_at, truth, window, windows
from derive.prove.decide import accepted, proved
from derive.prove.enclose import BITS, Search, Unsettled, prove_by_balls, sides
from derive.prove.goals import names
from derive.prove.points import admissible, witness
from derive.prove.relations import conjunction, fixed, flatten, relation, substitute
from derive.prove.space import rational
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Undecided, Verdict
from derive.tree import free_symbols

WIDTHS = (1000, 10**4, 10**6)
SAMPLES = 60
INSTANCES = 8
FAR = 40
WORK_ON_A_SIGN = 2000


def speaks_of_switching(claim: Boolean) -> bool:
    """Whether the claim contains a `Switches`."""
    return isinstance(claim, Switches) or (isinstance(claim, BooleanFunction) and any(map(speaks_of_switching, claim.args)))


def decide_switch(
    claim: Boolean,
    given: Sequence[Boolean],
    refutable: bool = True,
    unsteady: Callable[[Symbol], frozenset[Symbol]] = lambda _: frozenset(),
    integers: frozenset[Symbol] = frozenset(),
) -> Verdict:
    """A conjunction with `Switches` terms, each of them perhaps under an equation (``Implies(Eq(b, 4), Switches(...))``).

    Where it is not `refutable`, counterexamples would not count and are not looked for; nor do those count that give fractions to
    `integers`. `unsteady` tells which symbols may change as a parameter rises.
    """
    parts = claim.args if isinstance(claim, And) else (claim,)
    verdicts: list[Verdict] = []
    for part in sorted(parts, key=lambda one: not speaks_of_switching(one)):
        if isinstance(part, Switches):
            verdict = _one(part, given, refutable, unsteady, integers)
        elif isinstance(part, Implies) and isinstance(part.args[1], Switches) and not speaks_of_switching(part.args[0]):
            verdict = _one(part.args[1], (*given, part.args[0]), refutable, unsteady, integers)
        elif speaks_of_switching(part):
            verdict = Undecided(obligation=claim, tried=("a single change of sign inside another connective",), smt="unknown")
        else:
            verdict = _throughout(part, given, refutable, integers)
        if isinstance(verdict, Refuted) or not (refutable or isinstance(verdict, Proved)):
            return verdict
        verdicts.append(verdict)
    open_ones = [v for v in verdicts if not isinstance(v, Proved)]
    if open_ones:
        return open_ones[0]
    return _together(claim, given, [v.certificate for v in verdicts if isinstance(v, Proved)])


def _together(claim: Boolean, given: Sequence[Boolean], proofs: list[Certificate]) -> Proved:
    """One certificate for all parts where they rest on what is given; else that of the last part."""
    facts = set(flatten(given))
    ordered = [p for part in claim.args for p in proofs if p.claim == part] if isinstance(claim, And) else []
    if len(ordered) == len(proofs) > 1 and all(set(flatten(p.given)) <= facts for p in ordered):
        return Proved(Conjunction(claim=claim, given=tuple(given), parts=tuple(ordered)))
    return Proved(proofs[-1])


def _throughout(claim: Boolean, given: Sequence[Boolean], refutable: bool, integers: frozenset[Symbol]) -> Verdict:
    """What is said beside a change of sign is to hold all along."""
    verdict = decide(claim, given)
    if not isinstance(verdict, Refuted | HoldsIff):
        return verdict
    against = _whole(Refuted(verdict.witness), integers) if refutable else None
    return against or Undecided(obligation=claim, tried=("counterexamples with admissible values",), smt="unknown")


def _whole(found: Refuted | None, integers: frozenset[Symbol]) -> Refuted | None:
    """A counterexample that gives no fractions to `integers`."""
    if found is None or not all(value.is_Integer for symbol, value in found.witness if symbol in integers):
        return None
    return found


def _one(
    claim: Switches,
    given: Sequence[Boolean],
    refutable: bool,
    unsteady: Callable[[Symbol], frozenset[Symbol]],
    integers: frozenset[Symbol],
) -> Verdict:
    """On a window by enclosures; in several parameters where the expression falls throughout and has the right signs at the ends."""
    parameter, moving = claim.args[1], unsteady(claim.args[1])
    steps = parameter not in integers
    inside = _window(claim, given) if not moving & free_symbols(claim) else None
    if inside is not None:
        signs = _signs(claim, inside)
        against = _whole(_refuted(claim, inside, signs), integers) if refutable and steps else None
        return against or _proved(claim, inside, signs) or _open(claim, "samples", "enclosures by balls")
    if refutable:
        along = _refuted_somewhere(claim, given) if steps and not moving & free_symbols(claim) else None
        against = _whole(along or _one_sign(claim, given), integers)
        if against is not None:
            return against
    return _falling_core(claim, given, moving)


def _open(claim: Switches, *tried: str) -> Undecided:
    return Undecided(obligation=claim, tried=tried, smt="unknown")


def _falling_core(claim: Switches, given: Sequence[Boolean], moving: frozenset[Symbol]) -> Verdict:
    """All factors of the expression but one have a sign; that one falls throughout and has the right signs at both ends.

    It must not rest on anything else that is `moving` with the parameter.
    """
    facts = flatten(given)
    values = {s: v for s, v in fixed(facts).items() if s != claim.args[1]}
    expression, parameter = (part.xreplace(values) for part in claim.args)
    facts = tuple(fact for fact in (substitute(fact, values) for fact in facts) if free_symbols(fact))
    if not _bounded_by_numbers(parameter, facts):
        return _open(claim, "the range of the parameter is not one between numbers")
    low, high = _range(parameter, facts)
    if low is None or high is None:
        return _open(claim, "the range of the parameter is not bounded")
    try:
        split = factored(expression)
    except (NotRational, ZeroDivisionError):
        return _open(claim, "factors of one sign")
    signs = [(base, power, sign_of(base, facts)) for base, power in split.factors]
    open_ones = [(base, power) for base, power, sign in signs if sign not in (">", "<")]
    if len(open_ones) != 1 or open_ones[0][1] != 1:
        return _open(claim, "factors of one sign")
    settled = [relation(base, sign) for base, _, sign in signs if sign in (">", "<")]
    downward = sum(sign == "<" and power % 2 for _, power, sign in signs) + int(bool(split.coefficient < 0))
    core = -open_ones[0][0] if downward % 2 else open_ones[0][0]
    if free_symbols(core) & moving:
        return _open(claim, "the factor of open sign rests on a quantity that the parameter moves")
    ends = tuple(fact for fact in facts if parameter not in free_symbols(fact))
    first, last = (core.xreplace({parameter: end}) for end in (low, high))
    around = proved(conjunction([relation(first, ">"), relation(last, "<")]), ends)
    falling = relation(derivative(core, parameter), "<")
    throughout = proved(conjunction([*settled, falling]), facts) if around is not None else None
    if around is None or throughout is None:
        return _open(claim, "that the factor of open sign falls, from above zero to below")
    proofs = throughout, around
    parts = tuple(part for proof in proofs for part in (proof.parts if isinstance(proof, Conjunction) else (proof,)))
    whole = And(*(part.claim for part in parts), evaluate=False)
    certificate = accepted(Conjunction(claim=whole, given=facts, parts=parts))
    if certificate is None:
        return _open(claim, "a certificate that the checker accepts")
    return Proved(certificate)


def _refuted_somewhere(claim: Switches, given: Sequence[Boolean]) -> Refuted | None:
    """A point that spoils the pattern for some values of the other symbols."""
    parameter, flat = claim.args[1], flatten(given)
    plain = tuple(fact for fact in flat if not has_atoms(fact))
    symbols = names(plain)
    if not free_symbols(claim) <= set(symbols):
        return None
    for values in admissible(plain)[:INSTANCES]:
        at = zip(symbols, values, strict=True)
        fixing = [Eq(symbol, rational(value), evaluate=False) for symbol, value in at if symbol != parameter]
        inside = _window(claim, (*flat, *fixing))
        bounded = inside is not None
        if inside is None:
            inside = _window(claim, (*flat, *fixing, Le(parameter, FAR, evaluate=False)))
        found = _refuted(claim, inside, _signs(claim, inside), bounded) if inside is not None else None
        if found is not None:
            return found
    return None


def _one_sign(claim: Switches, given: Sequence[Boolean]) -> Refuted | None:
    """An expression that is nowhere negative, or nowhere positive, does not change its sign."""
    for kind in (Ge, Le):
        if proved(kind(claim.args[0], 0, evaluate=False), given, work=WORK_ON_A_SIGN) is not None:
            point = witness(given)
            return None if point is None else Refuted(tuple(sorted(point.items(), key=lambda item: item[0].name)))
    return None


def _bounded_by_numbers(parameter: Symbol, facts: Sequence[Boolean]) -> bool:
    """Whether all that is said of the parameter are bounds that rest on nothing else."""
    values = {symbol: value for symbol, value in fixed(facts).items() if symbol != parameter}
    spoken = [substitute(fact, values) for fact in facts if parameter in free_symbols(fact)]
    return all(_bounds(parameter, fact) for fact in spoken if free_symbols(fact))


def _bounds(parameter: Symbol, fact: Boolean) -> bool:
    if not isinstance(fact, Relational) or isinstance(fact, Equality | Unequality) or free_symbols(fact) != {parameter}:
        return False
    parts = coefficients(fact.gts - fact.lts, parameter)
    return parts is not None and len(parts) == 2


def _range(parameter: Symbol, given: Sequence[Boolean]) -> tuple[Rational | None, Rational | None]:
    low: Rational | None = None
    high: Rational | None = None
    for fact in given:
        if not isinstance(fact, Relational) or free_symbols(fact) != {parameter} or isinstance(fact, Equality | Unequality):
            continue
        gap = fact.gts - fact.lts
        parts = coefficients(gap, parameter)
        if parts is None or len(parts) != 2:
            continue
        bound, upward = -parts[0] / parts[1], bool(parts[1] > 0)
        if upward:
            low = bound if low is None else max(low, bound)
        else:
            high = bound if high is None else min(high, bound)
    return low, high


def _window(claim: Switches, given: Sequence[Boolean]) -> Window | None:
    """The one bounded range of the parameter; alternatives that fix it at a point of that range add nothing."""
    expression, parameter = claim.args
    found: list[Window] = []
    points: list[dict[Symbol, Rational]] = []
    for facts in windows(given):
        values = fixed(facts)
        if any(truth(fact, values) is False for fact in facts if free_symbols(fact) <= set(values)):
            continue
        inside = window(Eq(expression, 0, evaluate=False), facts)
        if inside is not None and inside.symbol == parameter and inside.low is not None and inside.high is not None:
            found.append(inside)
        elif free_symbols(expression) <= set(values):
            points.append({s: values[s] for s in free_symbols(expression)})
        else:
            return None
    if len(found) != 1:
        return None
    (inside,) = found
    if any(free_symbols(fact) - dict(inside.values).keys() > {parameter} for fact in inside.facts if parameter in free_symbols(fact)):
        return None
    for point in points:
        if not all(inside.contains(v) if s == parameter else dict(inside.values).get(s) == v for s, v in point.items()):
            return None
    return inside


def _signs(claim: Switches, inside: Window) -> list[tuple[Rational, int]]:
    """The signs at points of the window where everything holds that is given of the parameter."""
    expression, parameter = claim.args
    about = [fact for fact in inside.facts if parameter in free_symbols(fact)]
    points = ({**dict(inside.values), parameter: value} for value in samples(inside, SAMPLES))
    admitted = [point for point in points if all(truth(fact, point) is True for fact in about)]
    found = [(point[parameter], sign_at(expression, point)) for point in admitted]
    return [(value, sign) for value, sign in found if sign is not None]


def _refuted(claim: Switches, inside: Window, signs: Sequence[tuple[Rational, int]], bounded: bool = True) -> Refuted | None:
    """A point that spoils the pattern: not positive at the closed left end, or not negative anywhere, or rising again.

    Where the range goes on beyond the window (it is not `bounded`) the expression may still become negative.
    """
    assert inside.low is not None
    spoiled: Rational | None = None
    if signs and signs[0][0] == inside.low and signs[0][1] <= 0:
        spoiled = inside.low
    past = False
    for value, sign in signs:
        if past and sign >= 0:
            spoiled = spoiled if spoiled is not None else value
        past = past or sign <= 0
    expression = claim.args[0]
    facts = flatten(inside.facts)
    if spoiled is None and signs and len({sign for _, sign in signs}) == 1 and (bounded or signs[0][1] < 0):
        kind = Ge if signs[0][1] > 0 else Le
        if prove_by_balls(kind(expression, 0, evaluate=False), facts) is not None:
            spoiled = signs[-1][0] if signs[0][1] > 0 else signs[0][0]
    if spoiled is None:
        return None
    point = witness((*(f for f in facts if inside.symbol not in free_symbols(f)),)) or {}
    full = {**point, **dict(inside.values), inside.symbol: spoiled}
    if not all(truth(fact, full) is True for fact in facts):
        return None
    return Refuted(tuple(sorted(full.items(), key=lambda item: item[0].name)))


def _proved(claim: Switches, inside: Window, signs: Sequence[tuple[Rational, int]]) -> Proved | None:
    high = next((value for value, sign in signs if sign < 0), None)
    low = max((value for value, sign in signs if sign > 0 and (high is None or value < high)), default=None)
    if low is None or high is None or not _bounded_by_numbers(claim.args[1], flatten(inside.facts)):
        return None
    expression, parameter = claim.args
    facts = flatten(inside.facts)
    for width in WIDTHS:
        bracket = _bracket(expression, parameter, inside, low, high, Rational(1, width))
        if bracket is None:
            continue
        below, above = Le(parameter, bracket[0], evaluate=False), Ge(parameter, bracket[1], evaluate=False)
        before = prove_by_balls(Gt(expression, 0, evaluate=False), (*facts, below))
        after = prove_by_balls(Lt(expression, 0, evaluate=False), (*facts, above)) if before is not None else None
        if before is None or after is None:
            return None
        ways = _monotone(expression.xreplace(dict(inside.values)), inside, bracket)
        if ways is not None:
            return Proved(
                Switched(
                    claim=claim, given=facts, low=bracket[0], high=bracket[1], before=before, after=after,
                    product=ways[0], compared=ways[1],
                )
            )  # fmt: skip
    return None


def _bracket(
    expression: Expr, parameter: Symbol, inside: Window, low: Rational, high: Rational, width: Rational
) -> tuple[Rational, Rational] | None:
    """Multiples of `width` (at most two of them apart) at which the expression is positive, then negative."""

    def sign(value: Rational) -> int | None:
        return sign_at(expression, {**dict(inside.values), parameter: value})

    first, last = int((low / width).floor()), int((high / width).ceiling())
    while last - first > 1:
        middle = (first + last) // 2
        found = sign(middle * width) if low < middle * width < high else (1 if middle * width <= low else -1)
        if found is None:
            return None
        if found == 0:
            first, last = middle - 1, middle + 1
            break
        first, last = (middle, last) if found > 0 else (first, middle)
    ends = (max(low, first * width), min(high, last * width))
    return ends if sign(ends[0]) == 1 and sign(ends[1]) == -1 else None


def _monotone(
    expression: Expr, inside: Window, bracket: tuple[Rational, Rational]
) -> tuple[tuple[Expr, Expr] | None, tuple[Expr, Expr] | None] | None:
    """How the expression is seen to vanish once between the bounds: as a product, or as a difference of positive quantities."""
    search = Search(Window(inside.symbol, *bracket, False, False, inside.values, inside.facts))
    with flint.ctx.workprec(BITS):
        for left, right in sides(expression):
            if _holds(lambda a=left, b=right: search.sign(a) == 1 and search.sign(b) == 1 and search.falls_as_logarithms(a, b)):
                return None, (left, right)
        for factor, core in _products(expression, search):
            if _holds(lambda f=factor, g=core: search.sign(f) != 0 and search.has_slope(search.form(g))):
                return (factor, core), None
    return None


def _holds(question: object) -> bool:
    try:
        return bool(question())  # type: ignore[operator]
    except (Unsettled, ArithmeticError, ValueError):
        return False


def _products(expression: Expr, search: Search) -> list[tuple[Expr, Expr]]:
    found: list[tuple[Expr, Expr]] = []
    changing = [part for part in Mul.make_args(expression) if not _holds(lambda p=part: search.sign(p) != 0)]
    if len(changing) == 1 and not (isinstance(expression, Add) and not expression.atoms(sympy.log)):
        found.append((Mul(*(p for p in Mul.make_args(expression) if p != changing[0])), changing[0]))
    try:
        split = factored(expression)
    except (NotRational, ZeroDivisionError):
        return found
    for core, exponent in split.factors:
        if exponent == 1 and not _holds(lambda c=core: search.sign(c) != 0):
            rest = Mul(split.coefficient, *(b**e for b, e in split.factors if b != core))
            found.append((rest, core))
    return found
