"""Exactly where a claim holds: disjunctions of conjunctions of relations, proved in both directions and kept short.

A relation between closed forms is reduced to the factors whose sign is not settled by what is given; connectives combine what is
found for their members. Nothing here is taken on trust: `exact_condition` returns only conditions with certificates of sufficiency
and necessity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache, reduce
from itertools import product

import numpy as np
from sympy import Add, And, Eq, Expr, Integer, Or, Symbol, false, true
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.clauses import clauses, disjunctions
from derive.certificates import Certificate
from derive.field import NotRational, coefficients, factored
from derive.prove import prove, refute
from derive.prove.api import prove_any
from derive.prove.atoms import has_atoms
from derive.prove.converse import prove_needed
from derive.prove.decide import accepted
from derive.prove.effort import allowance
from derive.prove.extrema import unfolded
from derive.prove.goals import names
from derive.prove.oracle import satisfiable
from derive.prove.points import admissible
from derive.prove.population import Mask, inhabited, population, together
from derive.prove.relations import TURN, denial, flatten, operator, relation, text
from derive.prove.space import space
from derive.prove.theory import ALLOWS
from derive.prove.truth import true_at
from derive.prove.verdicts import HoldsIff, Witness
from derive.tree import free_symbols, operations

Conjunct = tuple[Relational, ...]
Condition = tuple[Conjunct, ...]
"""Holds where all relations of one member hold. Without members it never holds; with an empty member always."""

ALWAYS: Condition = ((),)
NEVER: Condition = ()
MOST_DISJUNCTS = 16
MOST_OPEN = 3
MOST_QUESTIONS = 120
WORK_ON_EMPTINESS = 400
MOST_TERMS = 12  # a longer polynomial is no condition that a reader could use
MOST_OPERATIONS = 60
MOST_TO_SIGN = 600
WORK_ON_A_SIGN = 1000
WORK_ON_A_CONDITION = 4000
WORK_TO_SHORTEN = 40  # what makes a condition shorter is seen soon; a long search for it says that it is no matter of reading
_STRICT = {">": ">", ">=": ">", "<": "<", "<=": "<"}


@dataclass(frozen=True)
class Never:
    """The claim fails wherever the given relations hold; at `witness`, if one was found, they do hold."""

    certificate: Certificate
    witness: Witness | None


def boolean(condition: Condition) -> Boolean:
    """The condition as one SymPy Boolean, a disjunction of conjunctions."""
    made = [part[0] if len(part) == 1 else And(*part, evaluate=False) if part else true for part in condition]
    if not made or any(part == true for part in made):
        return true if made else false
    return made[0] if len(made) == 1 else Or(*made, evaluate=False)


def from_boolean(claim: Boolean) -> Condition:
    """A conjunction or disjunction of relations as a condition."""
    denied = disjunctions(claim, positive=False)
    return tuple(tuple(denial(part) for part in clause) for clause in denied)


# --- conditions --------------------------------------------------------------------------------------------------------------


def exact_condition(
    claim: Boolean, given: tuple[Boolean, ...], against: Witness, work: int = WORK_ON_A_CONDITION
) -> HoldsIff | Never | None:
    """Where the claim, which fails at `against`, holds; with both directions proved. None where no such condition is found."""
    asserted = clauses(claim)
    found = _found(clauses(unfolded(asserted)), given)
    if found is None:
        return None
    found = shorter(found, given)
    if found == NEVER:
        never = accepted(prove_needed(false, asserted, given, work=work))
        return None if never is None else Never(never, against)
    condition = boolean(found)
    sufficient = accepted(prove(asserted, (*given, condition), work=work))
    necessary = accepted(prove_needed(clauses(condition), asserted, given, work=work)) if sufficient is not None else None
    if sufficient is None or necessary is None:
        return None
    return HoldsIff(condition, sufficient, necessary, against)


def _found(claim: Boolean, given: tuple[Boolean, ...]) -> Condition | None:
    if claim in (true, false):
        return ALWAYS if claim == true else NEVER
    if isinstance(claim, Relational):
        return _of_relation(claim, given)
    if not isinstance(claim, And | Or):
        return None
    parts = [_found(part, given) for part in claim.args]
    if any(part is None for part in parts):
        return None
    join = meet if isinstance(claim, And) else either
    whole = reduce(join, [part for part in parts if part is not None])
    return whole if len(whole) <= MOST_DISJUNCTS else None


def meet(first: Condition, second: Condition) -> Condition:
    """Where both hold."""
    return tuple(dict.fromkeys(tuple(dict.fromkeys((*a, *b))) for a in first for b in second))


def either(first: Condition, second: Condition) -> Condition:
    """Where one of the two holds."""
    return ALWAYS if () in first or () in second else tuple(dict.fromkeys((*first, *second)))


def _of_relation(claim: Relational, given: tuple[Boolean, ...]) -> Condition | None:
    """The factors of ``left - right`` with open signs, by patterns of signs."""
    op = operator(claim)
    try:
        split = factored(claim.lhs - claim.rhs)
    except (NotRational, ZeroDivisionError):
        return None
    if split.coefficient == 0:
        return ALWAYS if op in (">=", "<=", "=") else NEVER
    if any(has_atoms(relation(base, ">")) and not _readable(base) for base, _ in split.factors):
        return None
    turned = split.coefficient < 0
    undetermined: list[tuple[Expr, int]] = []
    weak: list[tuple[Expr, str]] = []
    for base, exponent in split.factors:
        sign = sign_of(base, given)
        if sign is None and not _readable(base):
            return None
        if sign is None:
            undetermined.append((base, exponent))
            continue
        turned ^= sign in ("<", "<=") and exponent % 2 == 1
        if sign in (">=", "<="):
            weak.append((base, sign))
    if len(undetermined) > MOST_OPEN:
        return None
    goal = TURN[op] if turned else op
    zeros = [base for base, exponent in undetermined if exponent > 0] + [base for base, _ in weak]
    poles = tuple(relation(base, "!=") for base, exponent in undetermined if exponent < 0)
    if goal == "=":
        return tuple((_solved(base, "=", given), *poles) for base in zeros)
    if goal == "!=":
        return (tuple(_solved(base, "!=", given) for base in zeros) + poles,)
    return _by_patterns(goal, undetermined, weak, given)


def _readable(base: Expr) -> bool:
    return len(Add.make_args(base)) <= MOST_TERMS and operations(base) <= MOST_OPERATIONS


def _by_patterns(
    goal: str, undetermined: list[tuple[Expr, int]], weak: list[tuple[Expr, str]], given: tuple[Boolean, ...]
) -> Condition:
    odd = [(base, exponent) for base, exponent in undetermined if exponent % 2]
    even = [base for base, exponent in undetermined if exponent % 2 == 0]
    strict = goal in (">", "<")
    aside = [relation(base, "!=") for base in even] + [_solved(base, _STRICT[sign], given) for base, sign in weak]
    found: list[Conjunct] = []
    for signs in product((1, -1), repeat=len(odd)):
        positive = reduce(lambda a, b: a * b, signs, 1) > 0
        if positive != (goal in (">", ">=")):
            continue
        part = [
            _solved(base, _op(sign, strict or exponent < 0), given) for (base, exponent), sign in zip(odd, signs, strict=True)
        ]
        found.append((*part, *(aside if strict else ())))
    if not strict:
        found += [(_solved(base, "=", given),) for base in [*even, *(base for base, _ in weak)]]
    return tuple(found)


def _op(sign: int, strict: bool) -> str:
    return (">" if sign > 0 else "<") + ("" if strict else "=")


@lru_cache(maxsize=4096)
def sign_of(base: Expr, given: tuple[Boolean, ...]) -> str | None:
    """The proved sign of an expression: one of ``> < >= <=``; None when it is not settled."""
    if base.is_Rational:
        return ">" if base > 0 else "<" if base < 0 else None
    if operations(base) > MOST_TO_SIGN:
        return None
    return next(
        (op for op in (">", "<", ">=", "<=") if prove(relation(base, op), given, work=WORK_ON_A_SIGN) is not None), None
    )


def _solved(base: Expr, op: str, given: tuple[Boolean, ...]) -> Relational:
    """``base op 0`` solved for a symbol that occurs linearly with a coefficient of known sign, where that reads more easily."""
    plain = relation(base, op)
    options = []
    for symbol in sorted(free_symbols(base), key=lambda s: s.name):
        try:
            parts = coefficients(base, symbol)
        except (NotRational, ZeroDivisionError):
            continue
        if parts is None or len(parts) != 2 or symbol in free_symbols(parts[0]) | free_symbols(parts[1]):
            continue
        rest, lead = parts
        sign = (
            ">" if lead.is_Rational and lead > 0 else "<" if lead.is_Rational else sign_of(factored(lead).expression(), given)
        )
        if sign not in (">", "<"):
            continue
        value = factored(-rest / lead).expression() if rest != 0 else Integer(0)
        made = relation(symbol, op if sign == ">" else TURN[op], value)
        options.append(((not lead.is_Rational, operations(value), symbol.name), made))
    if not options:
        return plain
    made = min(options, key=lambda option: option[0])[1]
    return made if operations(made) <= operations(plain) + 3 else plain


# --- shorter forms -----------------------------------------------------------------------------------------------------------


class _Questions:
    """What is asked of the prover under `given` about the members of a condition: what fails at a known point is not asked.

    Questions are counted, so that the effort is the same everywhere.
    """

    def __init__(self, given: tuple[Boolean, ...], parts: Condition) -> None:
        self.given = given
        self.left = MOST_QUESTIONS
        flat = flatten(given)
        equations = dict.fromkeys(tuple(one for one in part if isinstance(one, Eq)) for part in parts)
        inside = [flatten((*given, *some)) for some in dict.fromkeys((*parts, *equations)) if some]
        self.symbols = names([fact for facts in (flat, *inside) for fact in facts])
        self.many = together([population(facts, self.symbols) for facts in (flat, *inside)])
        exact = (point for facts in (flat, *inside) if names(facts) == self.symbols for point in admissible(facts))
        self.points = tuple(dict.fromkeys(exact))
        self._seen: dict[Boolean, Mask] = {}

    def implied(self, claim: Relational, known: Iterable[Boolean]) -> bool:
        """Whether the relation is proved to follow."""
        facts = (*self.given, *known)
        if claim in facts:
            return True
        against = denial(claim)
        if self.left <= 0 or self.met((*known, against)) or inhabited(flatten((*facts, against))):
            return False
        self.left -= 1
        return _follows(claim, facts)

    def all_implied(self, claims: Conjunct, known: Conjunct) -> bool:
        """Whether all the relations are proved to follow; none is tried where one of them fails somewhere."""
        new = [claim for claim in claims if claim not in known]
        return not any(self.met((*known, denial(claim))) for claim in new) and all(self.implied(claim, known) for claim in new)

    def impossible(self, known: Iterable[Boolean]) -> bool:
        """Whether the relations are proved to exclude each other."""
        facts = (*self.given, *known)
        if self.left <= 0 or self.met(known) or admissible(flatten(facts)) or satisfiable(facts) is not False:
            return False
        self.left -= 1
        return refute(facts, work=WORK_ON_EMPTINESS, splits=0) is not None

    def met(self, facts: Iterable[Boolean]) -> bool:
        """Whether all facts hold at one of the points at which everything given does."""
        told = tuple(facts)
        if not all(free_symbols(fact) <= set(self.symbols) for fact in told):
            return False
        return bool(np.logical_and.reduce([self._where(fact) for fact in told]).any()) if told else len(self.points) > 0

    def _where(self, fact: Boolean) -> Mask:
        if fact not in self._seen:
            ring = space(self.symbols)
            exactly = [true_at(fact, ring, values) is True for values in self.points]
            self._seen[fact] = np.concatenate([self.many.holds(fact), np.array(exactly, dtype=bool)])
        return self._seen[fact]


@lru_cache(maxsize=1 << 12)
def _follows(claim: Relational, facts: tuple[Boolean, ...]) -> bool:
    """Claims about the same regimes ask the same questions of their regions."""
    return prove_any(claim, facts, allowance(WORK_TO_SHORTEN, 0)) is not None


def shorter(condition: Condition, given: tuple[Boolean, ...]) -> Condition:
    """The same condition under `given`, without members that are impossible or covered, and without relations that follow."""
    ask = _Questions(given, condition)
    parts = [part for part in dict.fromkeys(condition) if not ask.impossible(part)]
    parts = [_without_implied(part, ask) for part in parts]
    for _ in range(4):
        before = list(parts)
        parts = _merged(list(dict.fromkeys(parts)), ask)
        parts = _uncovered(parts, ask)
        parts = [_widened(place, parts, ask) for place in range(len(parts))]
        if parts == before:
            break
    ordered = [tuple(sorted(part, key=lambda one: (operations(one), text(one)))) for part in parts]
    return ALWAYS if () in ordered else tuple(sorted(dict.fromkeys(ordered), key=lambda part: (len(part), _printed(part))))


@lru_cache(maxsize=1 << 12)
def _printed(part: Conjunct) -> str:
    """How SymPy writes a member: members of the same length are put into this order again and again."""
    return str(part)


def _without_implied(part: Conjunct, ask: _Questions) -> Conjunct:
    kept = list(part)
    for one in sorted(part, key=lambda r: (-operations(r), text(r))):
        others = [other for other in kept if other != one]
        if ask.implied(one, others):
            kept = others
    return tuple(kept)


def _merged(parts: list[Conjunct], ask: _Questions) -> list[Conjunct]:
    """Members that differ in one relation each, of which one is the other's negation or its boundary, become one."""
    for i, first in enumerate(parts):
        for j, second in enumerate(parts[i + 1 :], i + 1):
            mine, theirs = set(first) - set(second), set(second) - set(first)
            if len(mine) != 1 or len(theirs) != 1:
                continue
            joined = _united(mine.pop(), theirs.pop(), ask.given)
            if joined is None:
                continue
            common = tuple(one for one in first if one in second)
            whole = common if joined == true else _without_implied((*common, joined), ask)
            return _merged([*parts[:i], whole, *parts[i + 1 : j], *parts[j + 1 :]], ask)
    return parts


def _united(first: Relational, second: Relational, given: tuple[Boolean, ...]) -> Boolean | None:
    """One relation (or true) that holds exactly where one of two relations does, on the same difference up to factors of known sign."""
    try:
        ratio = factored((first.lhs - first.rhs) / (second.lhs - second.rhs))
    except (NotRational, ZeroDivisionError):
        return None
    turns = [(sign_of(base, given), exponent) for base, exponent in ratio.factors]
    if any(sign not in (">", "<") for sign, _ in turns):
        return None
    alike = (ratio.coefficient > 0) == (sum(exponent for sign, exponent in turns if sign == "<") % 2 == 0)
    one, other = operator(first), operator(second)
    other = other if alike else TURN[other]
    signs = ALLOWS[one] | ALLOWS[other]
    if len(signs) == 3:
        return true
    op = next(op for op, held in ALLOWS.items() if held == signs)
    if isinstance(first, Eq) and not isinstance(second, Eq):
        return relation(second.lhs, op if alike else TURN[op], second.rhs)
    return relation(first.lhs, op, first.rhs)


def _uncovered(parts: list[Conjunct], ask: _Questions) -> list[Conjunct]:
    kept = list(parts)
    for part in sorted(parts, key=lambda p: (-len(p), _printed(p))):
        others = [other for other in kept if other != part]
        if any(ask.all_implied(other, part) for other in others):
            kept = others
    return kept


def _widened(place: int, parts: list[Conjunct], ask: _Questions) -> Conjunct:
    """A member without those relations whose failure (the rest holding) leads into another member, or does not happen."""
    part = parts[place]
    for one in part:
        rest = tuple(other for other in part if other != one)
        beyond = (*rest, denial(one))
        fails = ask.met(beyond)
        if any(other != part and ask.all_implied(other, beyond) for other in parts) if fails else ask.implied(one, rest):
            part = rest
    return part


# --- reading -----------------------------------------------------------------------------------------------------------------


def symbols_of(condition: Condition) -> frozenset[Symbol]:
    """The symbols a condition speaks of."""
    return frozenset(symbol for part in condition for one in part for symbol in free_symbols(one))


__all__ = [
    "ALWAYS", "NEVER", "Condition", "Conjunct", "Never", "boolean", "either", "exact_condition", "from_boolean", "meet",
    "shorter", "sign_of", "symbols_of",
]  # fmt: skip
