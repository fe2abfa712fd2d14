"""The signs of many expressions in one region, each from the signs of its factors, and each factor proved once.

Points of the region come first: what two of them refute is not sent to the prover. Every expression has the same small counted effort,
whatever was asked before it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from sympy import Add, Eq, Expr, Mul, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive.audit.carry import SignedProduct, bordered, carried, itself, solved
from derive.audit.conditions import ALWAYS, Condition, exact_condition, from_boolean, symbols_of
from derive.audit.recall import Question, Recall
from derive.audit.scatter import Places
from derive.certificates import Certificate, Contradiction, Factor, Factors, Opposed
from derive.field import coefficients, factored, normal
from derive.prove.api import prove_any
from derive.prove.atoms import has_atoms
from derive.prove.balls import sign_at
from derive.prove.effort import allowance
from derive.prove.relations import denial, flatten, operator, relation
from derive.prove.verdicts import HoldsIff, Proved, Witness


class Sign(Enum):
    """The sign of a slope or of a difference."""

    POSITIVE = "+"
    NEGATIVE = "-"
    ZERO = "0"
    NOT_NEGATIVE = "(+)"
    NOT_POSITIVE = "(-)"
    DEPENDS = "+/-"
    UNSETTLED = "?"


@dataclass(frozen=True)
class Signed:
    """An expression with its sign and what proves it.

    Of a sign that `DEPENDS`, `condition` says where it is positive, if that was found; else two `points` show both signs.
    """

    expression: Expr
    sign: Sign
    certificates: tuple[Certificate, ...] = ()
    condition: Condition | None = None
    points: tuple[Witness, ...] = ()


WORK, SPLITS = 300, 1  # on the sign of a factor
WORK_ON_THE_SHORT = 1000  # on one that a reader takes in
WORK_ON_THE_SURPRISING = 60  # that a factor, nowhere seen to vanish, may vanish
WORK_WITH_POWERS = 120
WORK_ON_A_CONDITION = 600
MOST_OPEN = 3  # factors of varying sign, of which a condition speaks
MOST_FOR_A_CONDITION = 150  # operations
MOST_TERMS, MOST_TO_READ = 12, 60  # terms and operations of a condition that a reader could use
MOST_OPERATIONS = 300
_STRICT = {">=": ">", "<=": "<"}
_SIGNS = {
    ">": (Sign.POSITIVE, frozenset({1})),
    "<": (Sign.NEGATIVE, frozenset({-1})),
    ">=": (Sign.NOT_NEGATIVE, frozenset({0, 1})),
    "<=": (Sign.NOT_POSITIVE, frozenset({-1, 0})),
}


@lru_cache(maxsize=1 << 14)
def operations(expression: Expr) -> int:
    """How many operations an expression is written with."""
    if expression.is_Atom:
        return 0
    own = len(expression.args) - 1 if isinstance(expression, Add | Mul) else 1
    return own + sum(map(operations, expression.args))


def _readable(base: Expr) -> bool:
    return len(Add.make_args(base)) <= MOST_TERMS and operations(base) <= MOST_TO_READ


def _possible(expression: Expr, factors: tuple[Factor, ...]) -> frozenset[int]:
    """The signs that an expression can have, from those of its factors."""
    signs = frozenset({1 if factored(expression).coefficient > 0 else -1})
    for factor in factors:
        own = _SIGNS[operator(factor.sign.claim)][1] if factor.sign is not None else frozenset({-1, 0, 1})
        signs = frozenset(one * other ** abs(factor.exponent) for one in signs for other in own)
    return signs


class Territory:
    """A region given by relations, with points of it and the signs of factors that were looked for in it.

    Of the symbols in `hidden` nothing may be told: conditions and points that speak of them are no answer.
    """

    def __init__(self, given: tuple[Boolean, ...], places: Places, hidden: frozenset[Symbol], recall: Recall) -> None:
        self.given = given
        self.rational = tuple(fact for fact in flatten(given) if not has_atoms(fact))
        self.places = places
        self.hidden = hidden
        self.recall = recall
        self._signs: dict[Expr, Signed] = {}
        self._proofs: dict[tuple[Expr, str], Certificate | None] = {}
        self._conditions: dict[Relational, HoldsIff | None] = {}
        self._shown: dict[Expr, dict[int, tuple[int, ...]]] = {}

    def signed(self, expression: Expr) -> Signed:
        """The sign of an expression in normal form."""
        if expression not in self._signs:
            self._signs[expression] = self._signed(expression)
        return self._signs[expression]

    def _signed(self, expression: Expr) -> Signed:
        if expression == 0:
            return Signed(expression, Sign.ZERO)
        shown = self._seen(expression)
        if {1, -1} <= shown.keys():
            return self._under_a_condition(expression) or self._at_points(expression)
        for op, (sign, possible) in _SIGNS.items():
            if shown.keys() <= possible:
                proof = self._proof(expression, op)
                if proof is not None:
                    return Signed(expression, sign, (proof,))
        return Signed(expression, Sign.UNSETTLED)

    def _seen(self, expression: Expr) -> dict[int, tuple[int, ...]]:
        if expression not in self._shown:
            self._shown[expression] = self.places.shown(expression)
        return self._shown[expression]

    # --- one sign

    def _proof(self, expression: Expr, op: str) -> Certificate | None:
        """A certificate of ``expression op 0``: from the signs of its factors, else as a whole where these are not all there is."""
        claim = relation(expression, op)
        if has_atoms(claim):
            return self._sought(claim, self.given, WORK_WITH_POWERS)
        factors = tuple(self._signed_factors(expression, op))
        if None not in factors:
            signed = tuple(factor for factor in factors if factor is not None)
            return self._product(claim, signed) if _possible(expression, signed) <= _SIGNS[op][1] else None
        varying = any({1, -1} <= self._seen(base).keys() for base, _ in factored(expression).factors)
        tied = any(isinstance(fact, Eq) or has_atoms(fact) for fact in self.given)
        return self._sought(claim, self.given, WORK) if varying or tied else None

    def _product(self, claim: Relational, factors: tuple[Factor, ...]) -> Certificate:
        split = factored(claim.lhs)
        if split.coefficient == 1 and len(factors) == 1 and factors[0].sign is not None and factors[0].sign.claim == claim:
            return factors[0].sign
        return Factors(claim=claim, given=self.given, coefficient=split.coefficient, factors=factors)

    def _signed_factors(self, expression: Expr, op: str) -> Iterator[Factor | None]:
        """The factors with proofs of their signs; None, and an end, at the first that has none."""
        strict = op in (">", "<")
        for base, exponent in factored(expression).factors:
            if not strict and exponent > 0 and exponent % 2 == 0:
                yield Factor(base, exponent)
                continue
            proof = self._of_factor(base, strict or exponent < 0)
            if proof is None:
                yield None
                return
            yield Factor(base, exponent, proof)

    def _of_factor(self, base: Expr, strict: bool) -> Certificate | None:
        shown = self._seen(base).keys()
        for op, (_, possible) in _SIGNS.items():
            if shown <= possible and (op in (">", "<") or not strict):
                proof = self._proved(base, op)
                if proof is not None:
                    return proof
        return None

    def _proved(self, base: Expr, op: str) -> Certificate | None:
        if (base, op) not in self._proofs:
            surprising = op in (">=", "<=") and 0 not in self._seen(base)
            work = WORK_ON_THE_SHORT if _readable(base) else WORK
            effort = (WORK_ON_THE_SURPRISING, 0) if surprising else (work, SPLITS)
            self._proofs[base, op] = self._sought(relation(base, op), self.rational, *effort)
        return self._proofs[base, op]

    def _sought(self, claim: Relational, given: tuple[Boolean, ...], work: int, splits: int = 0) -> Certificate | None:
        if operations(claim.lhs) > MOST_OPERATIONS:
            return None

        def search() -> Proved | None:
            proof = prove_any(claim, given, allowance(work, splits))
            return None if proof is None else Proved(proof)

        found = self.recall.answer(Question(claim, given, ("sign",)), search)
        return found.certificate if isinstance(found, Proved) else None

    # --- both signs

    def _under_a_condition(self, expression: Expr) -> Signed | None:
        """Where the expression is positive: where the product of those of its factors is whose signs vary, or found as a whole."""
        claim = relation(expression, ">")
        proofs, condition = self._by_factors(claim) or self._as_a_whole(claim) or ((), None)
        if condition is None or condition == ALWAYS or symbols_of(condition) & self.hidden:
            return None
        return Signed(expression, Sign.DEPENDS, proofs, condition)

    def _as_a_whole(self, claim: Relational) -> tuple[tuple[Certificate, ...], Condition] | None:
        found = None if has_atoms(claim) else self._condition(claim)
        return None if found is None else ((found.sufficient, found.necessary), from_boolean(found.condition))

    def _by_factors(self, claim: Relational) -> tuple[tuple[Certificate, ...], Condition] | None:
        """The condition on the varying factors, carried over to their product with the others."""
        core = self._core(claim.lhs)
        if core is None:
            return None
        together = int(self.places.signs(core.base)[self._seen(claim.lhs)[1][0]])
        found = self._condition(relation(core.base, ">" if together > 0 else "<")) if together else None
        if found is not None:
            found = (self._carried_by_prover if has_atoms(claim) else self._carried)(claim, core, found)
        return None if found is None else ((found.sufficient, found.necessary), from_boolean(found.condition))

    def _core(self, expression: Expr) -> Factor | None:
        """The factors of varying sign, as one."""
        varying = [(base, exponent) for base, exponent in factored(expression).factors if {1, -1} <= self._seen(base).keys()]
        exponents = {exponent for _, exponent in varying}
        if not 0 < len(varying) <= MOST_OPEN or exponents not in ({1}, {-1}):
            return None
        core = Mul(*(base for base, _ in varying))
        return None if has_atoms(relation(core, ">")) else Factor(core, exponents.pop())

    def _carried(self, claim: Relational, core: Factor, found: HoldsIff) -> HoldsIff | None:
        """Where the claim holds, from where the core has its sign: there, unless another factor may vanish."""
        split = factored(claim.lhs / core.base**core.exponent)
        rest: list[Factor] = []
        borders: list[tuple[Factor, HoldsIff]] = []
        for base, exponent in split.factors:
            strict = self._of_factor(base, strict=True)
            weak = self._of_factor(base, strict=False) if strict is None and exponent == core.exponent == 1 else None
            if strict is not None:
                rest.append(Factor(base, exponent, strict))
                continue
            bound = self._condition(relation(base, _STRICT[operator(weak.claim)])) if weak is not None else None
            if bound is None:
                return None
            borders.append((Factor(base, exponent, weak), bound))
        others = SignedProduct(split.coefficient, tuple(rest))
        if not borders:
            return carried(claim, core, others, found, self.given)
        if not all(isinstance(one.condition, Relational) for one in (found, *(bound for _, bound in borders))):
            return None
        return bordered(claim, found, tuple(borders), others, self.given)

    def _carried_by_prover(self, claim: Relational, _core: Factor, found: HoldsIff) -> HoldsIff | None:
        """The same for an expression with powers and other functions, where the condition is one relation."""
        bound = found.condition
        if not isinstance(bound, Relational):
            return None
        sufficient = self._sought(claim, (*self.given, bound), WORK_WITH_POWERS)
        beyond = denial(bound)
        against = self._sought(denial(claim), (*self.given, beyond), WORK_WITH_POWERS) if sufficient is not None else None
        if sufficient is None or against is None:
            return None
        here = (*self.given, claim)
        opposed = Opposed(claim=false, given=(*here, beyond), fact=claim, denial=against)
        return HoldsIff(bound, sufficient, Contradiction(claim=bound, given=here, refutation=opposed), ())

    def _condition(self, asserts: Relational) -> HoldsIff | None:
        if asserts not in self._conditions:
            self._conditions[asserts] = self._condition_sought(asserts)
        return self._conditions[asserts]

    def _condition_sought(self, asserts: Relational) -> HoldsIff | None:
        if len(factored(asserts.lhs).factors) == 1:
            return self._solved(asserts) if _readable(asserts.lhs) else None
        if operations(asserts.lhs) > MOST_FOR_A_CONDITION:
            return None
        given = self.rational
        found = self.recall.answer(
            Question(asserts, given, ("where",)), lambda: exact_condition(asserts, given, (), WORK_ON_A_CONDITION)
        )
        return found if isinstance(found, HoldsIff) else None

    def _solved(self, asserts: Relational) -> HoldsIff:
        """A relation on an irreducible polynomial, solved for a symbol where that reads more easily."""
        base, plain = asserts.lhs, operations(asserts.lhs)
        found = []
        for symbol in sorted(base.free_symbols, key=lambda one: one.name):
            rest, *leads = coefficients(base, symbol) or (base,)
            lead = self._signed_product(leads[0]) if len(leads) == 1 else None
            if lead is not None:
                value = normal(-rest / leads[0])
                if operations(value) <= plain + 3:
                    found.append(((not leads[0].is_Rational, operations(value), symbol.name), symbol, value, lead))
        if not found:
            return itself(asserts, self.rational)
        _, symbol, value, lead = min(found, key=lambda option: option[0])
        return solved(asserts, symbol, value, lead, self.rational)

    def _signed_product(self, expression: Expr) -> SignedProduct | None:
        """The factors of an expression with proofs that they are positive or negative."""
        split = factored(expression)
        parts = []
        for base, exponent in split.factors:
            proof = self._of_factor(base, strict=True)
            if proof is None:
                return None
            parts.append(Factor(base, exponent, proof))
        return SignedProduct(split.coefficient, tuple(parts))

    def _at_points(self, expression: Expr) -> Signed:
        """The expression with a point of each sign, if each is confirmed exactly."""
        if not expression.free_symbols & self.hidden and not self.places.unknown:
            points = tuple(self._confirmed(expression, sign) for sign in (1, -1))
            if None not in points:
                return Signed(expression, Sign.DEPENDS, points=tuple(point for point in points if point is not None))
        return Signed(expression, Sign.UNSETTLED)

    def _confirmed(self, expression: Expr, sign: int) -> Witness | None:
        for row in self._seen(expression)[sign]:
            point = self.places.point(row)
            if expression.free_symbols <= point.keys() and self.places.inside(row) and sign_at(expression, point) == sign:
                return tuple(sorted(point.items(), key=lambda item: item[0].name))
        return None
