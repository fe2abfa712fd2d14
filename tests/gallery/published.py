"""What the literature prints on the gallery's models, and how a derived solution is held against it.

``published/<key>.toml`` gives closed forms by regime, claims with their truth, and numbers. Formulas are compared as numbers of
forty digits at random admissible points: their shape is free, their value is not. Nothing here uses the engine's algebra.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import mpmath
import sympy
from sympy import Basic, Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from derive.solution import Regime

FOLDER = Path(__file__).parent / "published"
DIGITS, CLOSE = 40, mpmath.mpf(10) ** -25
NUMBERS_CLOSE = 1e-12  # the literature's numbers are given to sixteen digits
Point = dict[Symbol, Rational]


class Answer(Protocol):
    """What was derived about a published model or variant."""

    def at(self, point: Point) -> list[Regime]:
        """The derived regimes at a point, under the published names."""


@dataclass(frozen=True)
class Published:
    """One file: what it says, read with symbols as the engine makes them (real, nothing else assumed)."""

    key: str
    data: Mapping[str, Any]

    def parse(self, text: str) -> Any:
        """Text as a SymPy object; every name that is not a function is a symbol, also `S`, `E`, `beta`."""
        functions = (
            "Abs",
            "And",
            "Derivative",
            "Eq",
            "Max",
            "Min",
            "Ne",
            "Or",
            "Rational",
            "Integer",
            "sqrt",
            "log",
            "exp",
            "oo",
        )
        functions += ("cos", "sin", "acos", "LambertW", "Piecewise", "pi", "Float")
        names = {name: getattr(sympy, name) for name in functions}
        code = compile(sympy.parsing.sympy_parser.stringify_expr(text, {}, names, TRANSFORMATIONS), "<published>", "eval")
        words = {name: Symbol(name, real=True) for name in code.co_names if name not in names}
        return sympy.sympify(eval(code, {**names, **words, "Symbol": Symbol}))

    @property
    def parameters(self) -> tuple[Symbol, ...]:
        return tuple(Symbol(item["name"], real=True) for item in self.data["parameters"])

    @property
    def integers(self) -> frozenset[Symbol]:
        return frozenset(Symbol(p["name"], real=True) for p in self.data["parameters"] if p.get("integer"))

    @property
    def assumptions(self) -> tuple[Boolean, ...]:
        texts = [text for item in self.data["parameters"] for text in item["assumptions"]]
        return tuple(self.parse(text) for text in (*texts, *self.data["assumptions"]))

    def regimes(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Every published regime with the variant it belongs to ("" for the model itself)."""
        for regime in self.data.get("regimes", ()):
            yield "", regime
        for variant in self.data["variants"]:
            for regime in variant["regimes"]:
                yield variant["name"], regime

    def values(self, regime: Mapping[str, Any]) -> dict[Symbol, Expr]:
        """The regime's closed forms; a value may use those listed before it."""
        found: dict[Symbol, Expr] = {}
        for name, text in regime["values"].items():
            found[Symbol(name, real=True)] = self.parse(text).xreplace(found)
        return found


TRANSFORMATIONS = (sympy.parsing.sympy_parser.auto_number, sympy.parsing.sympy_parser.rationalize)


def keys() -> tuple[str, ...]:
    """Every model of which something published is on file."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def read(key: str) -> Published:
    """The file of that key."""
    return Published(key, tomllib.loads((FOLDER / f"{key}.toml").read_text(encoding="utf-8")))


def holds(relation: Basic, at: Mapping[Symbol, Any]) -> bool:
    """Whether a relation between closed forms holds at a point, decided with forty digits."""
    if isinstance(relation, sympy.And):
        return all(holds(part, at) for part in relation.args)
    if isinstance(relation, sympy.Or):
        return any(holds(part, at) for part in relation.args)
    if relation in (sympy.true, sympy.false):
        return bool(relation)
    left, right = (evaluate(side, at) for side in relation.args)
    gap = left - right
    if abs(gap) <= CLOSE * max(1, abs(left), abs(right)):
        gap = mpmath.mpf(0)
    return {">": gap > 0, ">=": gap >= 0, "<": gap < 0, "<=": gap <= 0, "==": gap == 0, "!=": gap != 0}[relation.rel_op]


def evaluate(expr: Expr, at: Mapping[Symbol, Any]) -> Any:
    """A closed form at a point, to forty digits."""
    missing = sorted(str(s) for s in expr.free_symbols if s not in at)
    if missing:
        raise KeyError(f"{', '.join(missing)} of {expr} is not known at the point")
    with mpmath.workdps(DIGITS):
        try:
            value = expr.xreplace({s: at[s] for s in expr.free_symbols})
        except OverflowError:  # an exact power of a fraction has too many digits
            value = expr.xreplace({s: sympy.Float(at[s], 2 * DIGITS) for s in expr.free_symbols})
        return mpmath.mpmathify(sympy.N(value, DIGITS))


def points(published: Published, region: Sequence[Boolean], wanted: int = 12) -> list[Point]:
    """Random admissible points in a region, by rejection, always the same ones."""
    rng = random.Random(published.key)
    relations = (*published.assumptions, *region)
    found: list[Point] = []
    for _ in range(6000):
        at = {s: drawn(rng, s in published.integers) for s in published.parameters}
        if all(holds(relation, at) for relation in relations):
            found.append(at)
            if len(found) == wanted:
                break
    return found


def drawn(rng: random.Random, integer: bool) -> Rational:
    """A rational number of some size or other, positive."""
    if integer:
        return Rational(rng.randint(1, 9))
    scale = rng.choice((Rational(1, 10), Rational(1), Rational(1), Rational(10), Rational(100), Rational(1000)))
    return Rational(rng.randint(1, 999), 1000) * scale


def differences(published: Published, answer: Answer, regime: Mapping[str, Any]) -> list[str]:
    """Where a published regime and what was derived disagree; empty when they say the same on the regime's region."""
    region = tuple(published.parse(text) for text in regime["region"])
    sample = points(published, region)
    if not sample:
        return [f"{regime['name']}: no admissible point was found in its region"]
    found: list[str] = []
    for at in sample:
        candidates = answer.at(at)
        if not candidates:
            found.append(f"{regime['name']}: no derived regime at {at}")
            continue
        wrong = [_disagreement(published.values(regime), candidate, at) for candidate in candidates]
        several = not regime.get("unique", True) or not all(candidate.unique for candidate in candidates)
        if (all if several else any)(wrong):
            found.append(f"{regime['name']} at {at}: {next(w for w in wrong if w)}")
    return found[:3]


def missing_gaps(published: Published, solutions: Mapping[str, Any]) -> list[str]:
    """Regions that the literature shows to be without an equilibrium and the derived solution does not, for that reason."""
    found: list[str] = []
    for gap in published.data.get("gaps", ()):
        parts = solutions[gap["variant"]].parts
        gaps = [own for solution, _ in parts for own in solution.gaps if own.kind.name.lower() == gap["kind"]]
        sample = points(published, tuple(published.parse(text) for text in gap["region"]))
        bare = [at for at in sample if not any(all(holds(r, at) for r in own.region) for own in gaps)]
        if bare or not sample:
            found.append(f"{gap['variant']} is not {gap['kind']} at {bare[:1] or 'any sampled point'}")
    return found


def _disagreement(values: Mapping[Symbol, Expr], derived: Regime, at: Point) -> str:
    known: dict[Symbol, Any] = dict(at)
    known |= {s: evaluate(values[s], at) for s in derived.free if s in values}
    known |= _roots(derived, known)
    for relation in derived.among:
        if not holds(relation, known):
            return f"{relation} does not hold there"
    resolved = derived.resolved()
    for symbol, value in values.items():
        if symbol in derived.free:
            continue
        if symbol not in resolved and symbol not in known:
            return f"{symbol} is not derived in regime {derived.name}"
        ours = evaluate(resolved[symbol], known) if symbol in resolved else known[symbol]
        theirs = evaluate(value, at)
        if abs(ours - theirs) > CLOSE * max(1, abs(theirs)):
            return f"{symbol} is {mpmath.nstr(theirs, 15)} in the literature, {mpmath.nstr(ours, 15)} derived"
    return ""


def _roots(regime: Regime, known: Mapping[Symbol, Any]) -> dict[Symbol, Any]:
    """Implicit quantities at a point, by bisection on the bracket the solution gives."""
    found: dict[Symbol, Any] = {}
    with mpmath.workdps(DIGITS):
        for item in regime.implicit:
            at = {**known, **found}
            low, high = evaluate(item.low, at), (mpmath.inf if item.high == sympy.oo else evaluate(item.high, at))
            step = mpmath.mpf(1)
            while high == mpmath.inf:
                value = evaluate(item.equation, {**at, item.symbol: low + step})
                high, step = (low + step, step) if value * item.sign > 0 else (high, step * 2)
            for _ in range(180):
                middle = (low + high) / 2
                value = evaluate(item.equation, {**at, item.symbol: middle})
                low, high = (low, middle) if value * item.sign > 0 else (middle, high)
            found[item.symbol] = (low + high) / 2
    return found


def at_numbers(published: Published, answers: Mapping[str, Answer]) -> list[str]:
    """Where the literature's numbers and what was derived disagree."""
    found: list[str] = []
    for row in published.data["numbers"]:
        at = {Symbol(name, real=True): Rational(text) for name, text in row["at"].items()}
        for full, digits in row.get("values", {}).items():
            name, _, variant = full.partition("__")
            here = answers[variant].at(at) if variant in answers else []
            if not here:
                found.append(f"{full} at {at}: no derived regime")
                continue
            ours = [_number(Symbol(name, real=True), regime, at, row, variant) for regime in here]
            if not any(
                value is not None and abs(value - float(digits)) <= NUMBERS_CLOSE * max(1, abs(float(digits))) for value in ours
            ):
                found.append(f"{full} at {at}: {digits} in the literature, {ours} derived")
    return found


def _number(symbol: Symbol, regime: Regime, at: Point, row: Mapping[str, Any], variant: str) -> float | None:
    known: dict[Symbol, Any] = dict(at)
    for item in regime.free:
        digits = row["values"].get(item.name + (f"__{variant}" if variant else ""))
        if digits is not None:
            known[item] = Rational(digits)
    known |= _roots(regime, known)
    if symbol in known:
        return float(known[symbol])
    value = regime.resolved().get(symbol)
    return None if value is None else float(evaluate(value, known))
