"""A solution for a general law, specialised to a named one: implicit quantities in closed form where that is proved.

The general derivation has shown that the condition of an implicit quantity has exactly one root inside the support. A closed
form is therefore right as soon as it satisfies the condition and lies inside the support; both are proved here, or the quantity
stays implicit, with a bracket as narrow as is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from sympy import Add, Basic, Expr, Integer, Mul, Pow, Symbol, exp, false, log, oo, sqrt, sympify, true
from sympy.logic.boolalg import Boolean

from derive import field, ir
from derive.algebra.shape import shaped
from derive.algebra.signs import sign
from derive.errors import Refusal
from derive.law.heading import opening, title
from derive.law.lemmas import Level, level, quantity
from derive.law.reach import beyond, told_by, told_of
from derive.prove import prove
from derive.prove.relations import compared
from derive.shocks import LawFunction, conditions, law_values, mean, replace_law, support
from derive.solution import Case, Implicit, Proposition, Regime, Response, Solution
from derive.steps import Identity, Sign, Step

__all__ = ["Special", "specialise", "specialise_solution"]


@dataclass(frozen=True)
class Special:
    """An implicit quantity under a named law, between `low` and `high`.

    `closed` is its closed form, or None; `power` pairs a power or exponential of the quantity with its closed form where that
    is rational in the level (so that formulas need not contain the radical); `proof` are the steps.
    """

    closed: Expr | None
    low: Expr
    high: Expr
    power: tuple[Expr, Expr] | None = None
    proof: tuple[Step, ...] = ()


# --- one implicit quantity -------------------------------------------------------------------------------------------


def specialise(
    core: Expr, z: Symbol, name: str, law: ir.Distribution, given: Sequence[Boolean], label: str = "closed"
) -> Special:
    """The root of ``core = 0`` inside the support when the law called `name` is `law`.

    The condition has no other root there; where it is a lemma's quantity minus a level, that helps to find and to bracket it.
    """
    reading = level(core, z, name)
    low, high = support(law)
    known = tuple(given)
    equation = replace_law(core if reading is None else quantity(reading.lemma, name, z), name, law)
    equation -= 0 if reading is None else reading.level
    t = _fresh("t", core)
    power = _power(law, z)
    if power is not None:
        by_power = _in_power(equation, power, t)
        if z in by_power.free_symbols:
            return Special(None, *_bracket(reading, law, low, high, known))
        for value in _roots(by_power, t):
            proof = _inside(by_power, t, value, Integer(0), Integer(1), known, label, bounded=high != oo, names=((t, power),))
            if proof is not None:
                value = shaped(value, known)
                return Special(_unpower(law, value), low, high, (power, value), proof)
        return Special(None, low, high)
    if reading is not None:
        equation = shaped(equation + reading.level, known) - reading.level
    for value in _roots(equation, z):
        proof = _inside(equation, z, value, low, high, known, label)
        if proof is not None:
            return Special(shaped(value, known), low, high, None, proof)
    radical = _radical(equation, z, low, high, known, label)
    if radical is not None:
        return radical
    return Special(None, *_bracket(reading, law, low, high, known))


def _fresh(stem: str, expression: Expr) -> Symbol:
    taken = {str(symbol) for symbol in expression.free_symbols}
    name = stem
    while name in taken:
        name += "_"
    return Symbol(name, real=True)


def _power(law: ir.Distribution, z: Symbol) -> Expr | None:
    """The power or exponential of `z` in the cdf; it runs through (0, 1) as `z` runs through the support."""
    if isinstance(law, ir.PowerDistribution):
        return (z / law.high) ** law.exponent
    if isinstance(law, ir.Exponential):
        return exp(-z / law.mean)
    return None


def _in_power(equation: Expr, power: Expr, t: Symbol) -> Expr:
    return field.normal(equation.xreplace({power: t}))


def _unpower(law: ir.Distribution, value: Expr) -> Expr:
    if isinstance(law, ir.PowerDistribution):
        return law.high * value ** (1 / sympify(law.exponent))
    return mean(law) * log(1 / value)


def _roots(equation: Expr, unknown: Symbol) -> Iterator[Expr]:
    """Roots of the linear factors of an equation's numerator. Completeness is not claimed."""
    for parts in _factors(equation, unknown, 1):
        yield field.normal(-parts[0] / parts[1])


def _factors(equation: Expr, unknown: Symbol, degree: int) -> Iterator[tuple[Expr, ...]]:
    """The coefficients, by rising powers, of the numerator's factors of that degree in `unknown`."""
    for base, power in field.factored(equation).factors:
        if power > 0 and unknown in base.free_symbols:
            parts = field.coefficients(base, unknown)
            if parts is not None and len(parts) == degree + 1:
                yield parts


def _radical(equation: Expr, z: Symbol, low: Expr, high: Expr, given: tuple[Boolean, ...], label: str) -> Special | None:
    """The root inside the support as a root of a quadratic factor, told from the other one by the signs at the ends.

    If the leading coefficient is positive, the value at one end not positive and at the other end positive, one root lies
    between them: the larger root if the first end is `low`, the smaller if it is `high`.
    """
    factors = list(_factors(equation, z, 2))
    whole = [power for base, power in field.factored(equation).factors if power > 0 and z in base.free_symbols]
    if len(factors) != 1 or whole != [1] or high == oo:
        return None
    constant, slope, lead = factors[0]
    orientation = sign(lead, given, prove)
    if orientation is None:
        return None
    constant, slope, lead = (field.normal(orientation * part) for part in (constant, slope, lead))
    for near, far, side in ((low, high, 1), (high, low, -1)):
        relations = (lead > 0, _at(near, constant, slope, lead) <= 0, _at(far, constant, slope, lead) > 0)
        certificates = [found for relation in relations if (found := prove(relation, given)) is not None]
        if len(certificates) < len(relations):
            continue
        half = field.normal(slope / 2)
        value = (shaped(-half, given) + side * sqrt(shaped(half**2 - constant * lead, given))) / lead
        identity = Identity(
            label=f"{label}:root", left=constant + slope * z + lead * z**2, right=Integer(0), where=((z, value),)
        )
        signs = tuple(
            Sign(label=f"{label}:{name}", relation=relation, certificate=certificate)
            for name, relation, certificate in zip(("lead", "near", "far"), relations, certificates, strict=True)
            if relation != true
        )
        return Special(value, low, high, None, (identity, *signs))
    return None


def _at(end: Expr, constant: Expr, slope: Expr, lead: Expr) -> Expr:
    return field.normal(constant + slope * end + lead * end**2)


def _inside(
    equation: Expr,
    unknown: Symbol,
    value: Expr,
    low: Expr,
    high: Expr,
    given: tuple[Boolean, ...],
    label: str,
    *,
    bounded: bool = True,
    names: tuple[tuple[Symbol, Expr], ...] = (),
) -> tuple[Step, ...] | None:
    """Steps that `value` satisfies the equation and lies between `low` and `high`, or None. Without `bounded`, `low` stands for
    an infinite value and is excluded; else the condition holds at both ends, too, and has no other root between them. `names` tell
    what the unknown stands for."""
    if not field.is_zero(equation.xreplace({unknown: value})):
        return None
    steps: list[Step] = [Identity(label=f"{label}:root", left=equation, right=Integer(0), where=((unknown, value),), names=names)]
    for end, op, limit in (("low", ">", low), ("high", "<", high)):
        if high == oo and end == "high":
            continue
        options = (op, f"{op}=") if bounded or end == "high" else (op,)
        claims = (compared(value, one, limit) for one in options)
        found = next(((r, c) for r in claims if (c := prove(r, given)) is not None), None)
        if found is None:
            return None
        relation, certificate = found
        if relation != true:
            steps.append(Sign(label=f"{label}:{end}", relation=relation, certificate=certificate))
    return tuple(steps)


def _bracket(
    reading: Level | None, law: ir.Distribution, low: Expr, high: Expr, given: tuple[Boolean, ...]
) -> tuple[Expr, Expr]:
    """Ends between which the root lies: the support, or elementary bounds for an exponential law.

    With the mean ``m`` and ``x = z/m``: elasticity ``x/(exp(x) - 1)`` lies between ``1 - x/2`` and ``exp(-x/2)``; sales per
    unit ``(1 - exp(-x))/x`` between ``1/(1 + x)`` and ``1/(1 + x/2)``.
    """
    if reading is None:
        return low, high
    key, rate = reading.lemma, reading.level
    if isinstance(law, ir.Exponential) and key == "elasticity-decreasing":
        return shaped(2 * law.mean * (1 - rate), given), 2 * law.mean * log(shaped(1 / rate, given))
    if isinstance(law, ir.Exponential) and key == "sales-per-unit-decreasing":
        return shaped(law.mean * (1 / rate - 1), given), shaped(2 * law.mean * (1 / rate - 1), given)
    return low, high


# --- a whole solution ------------------------------------------------------------------------------------------------


def specialise_solution(solution: Solution, model: ir.Model, key: str) -> Solution:
    """The solution under the named laws of instance `key`: a corollary of the general one, whose argument it does not repeat.

    Raises KeyError for an unknown instance, `Refusal` if the general solution does not fit it.
    """
    instance = {instance.key: instance for instance in model.instances}[key]
    chosen = dict(instance.laws)
    pairs = [
        (shock.distribution, chosen[shock.symbol])
        for shock in model.shocks
        if shock.symbol in chosen and isinstance(shock.distribution, ir.GeneralDistribution)
    ]
    laws = {general.cdf: law for general, law in pairs}
    values = {symbol: value for general, law in pairs for symbol, value in law_values(general, law)}
    assumptions = _assumptions(solution, instance, laws, values)
    plain = _Translation(tuple(laws.items()), values, {}, {})
    roots = {item.symbol for regime in solution.regimes for item in regime.implicit}
    for argument in beyond(told_of(solution), roots, laws, values, assumptions):
        raise Refusal(f"instance {key}: it is open on which side of the law's ends {argument} lies", model=solution.model)
    regimes: list[Regime] = []
    proof: list[Step] = []
    cases: list[Case] = []
    for number, regime in enumerate(solution.regimes, 1):
        special, steps = _regime(regime, laws, values, assumptions, f"{key}:{number}")
        if special is None:
            continue
        regimes.append(special)
        proof += steps
        cases.append(Case(special.region, special.values))
    reason = " The closed form of a root satisfies its equation and lies in the support, where the root is unique."
    corollary = Proposition(
        label=f"{solution.protocol}:{key}",
        kind="corollary",
        title=title(instance),
        text=opening(instance) + (reason if proof else ""),
        cases=tuple(cases),
        proof=tuple(proof),
    )
    return replace(
        solution,
        instance=key,
        assumptions=assumptions,
        regimes=tuple(regimes),
        argument=(corollary,),
        gaps=tuple(replace(gap, region=region) for gap in solution.gaps if (region := plain.region(gap.region)) is not None),
        responses=tuple(
            _response(response, laws, values, assumptions)
            for response in solution.responses
            if not any(beyond(told_by(response), {item.symbol for item in response.implicit}, laws, values, assumptions))
        ),
    )


def _assumptions(
    solution: Solution, instance: ir.Instance, laws: dict[str, ir.Distribution], values: dict[Symbol, Expr]
) -> tuple[Boolean, ...]:
    own = tuple(relation for law in laws.values() for relation in conditions(law))
    kept: list[Boolean] = list(dict.fromkeys((*instance.assumptions, *own)))
    for relation in solution.assumptions:
        special = relation.xreplace(values)
        touched = special != relation
        if special == true or special in kept:
            continue
        if special == false:
            raise Refusal(f"the law of instance {instance.key} contradicts {relation}", model=solution.model)
        if not touched or prove(special, tuple(kept)) is None:
            kept.append(special)
    return tuple(kept)


@dataclass(frozen=True)
class _Translation:
    """How expressions of the general solution read under the named laws.

    `values` replace the symbols that describe a law, `closed` are the implicit quantities found in closed form, `powers` what
    their powers become.
    """

    laws: tuple[tuple[str, ir.Distribution], ...]
    values: dict[Symbol, Expr]
    closed: dict[Symbol, Expr]
    powers: dict[Expr, Expr]

    def of(self, expression: Basic) -> Basic:
        expression = expression.xreplace(self.values)
        for name, law in self.laws:
            expression = replace_law(expression, name, law)
        rational = {z: value for z, value in self.closed.items() if _plain(value)}
        return expression.xreplace(self.powers).xreplace(rational)

    def without(self, symbols: Iterable[Symbol]) -> _Translation:
        """The same, but for quantities that have another value here."""
        told = set(symbols)
        closed = {symbol: value for symbol, value in self.closed.items() if symbol not in told}
        return replace(self, closed=closed, powers={key: v for key, v in self.powers.items() if not key.free_symbols & told})

    def region(self, relations: Sequence[Boolean]) -> tuple[Boolean, ...] | None:
        """The relations without those that became true; None if one became false."""
        found = tuple(relation for relation in map(self.of, relations) if relation != true)
        return None if false in found else found

    def values_of(self, pairs: Sequence[tuple[Symbol, Expr]], given: tuple[Boolean, ...]) -> tuple[tuple[Symbol, Expr], ...]:
        found = [(symbol, _tidy(self.of(value), given)) for symbol, value in pairs if symbol not in self.closed]
        return (*self.closed.items(), *found)


def _translation(
    unknowns: Sequence[Implicit],
    laws: dict[str, ir.Distribution],
    values: dict[Symbol, Expr],
    given: tuple[Boolean, ...],
    label: str,
) -> tuple[_Translation, tuple[Implicit, ...], tuple[Step, ...]]:
    """The translation with as many of `unknowns` in closed form as can be proved, the others, and the steps of the proofs."""
    found = _Translation(tuple(laws.items()), values, {}, {})
    kept: list[Implicit] = []
    proof: list[Step] = []
    for unknown in unknowns:
        core = unknown.equation.xreplace(values)
        names = sorted({head.law for head in core.atoms(LawFunction) if unknown.symbol in head.free_symbols})
        if len(names) != 1 or names[0] not in laws:
            kept.append(replace(unknown, equation=found.of(core), low=found.of(unknown.low), high=found.of(unknown.high)))
            continue
        special = specialise(core, unknown.symbol, names[0], laws[names[0]], given, f"{label}:{unknown.symbol}")
        if special.closed is None:
            kept.append(Implicit(unknown.symbol, found.of(core), special.low, special.high, unknown.sign))
            continue
        proof += special.proof
        power = {} if special.power is None else {special.power[0]: special.power[1]}
        found = replace(found, closed={**found.closed, unknown.symbol: special.closed}, powers={**found.powers, **power})
    return found, tuple(kept), tuple(proof)


def _regime(
    regime: Regime,
    laws: dict[str, ir.Distribution],
    values: dict[Symbol, Expr],
    assumptions: tuple[Boolean, ...],
    label: str,
) -> tuple[Regime | None, tuple[Step, ...]]:
    """One regime under the named laws, and the steps that its closed forms need; None if its region becomes empty."""
    given = (*assumptions, *(_Translation(tuple(laws.items()), values, {}, {}).region(regime.region) or ()))
    translation, implicit, proof = _translation(regime.implicit, laws, values, given, label)
    region = translation.region(regime.region)
    if region is None:
        return None, ()
    steps = tuple(replace(step, given=given) for step in proof) if region else proof
    return replace(regime, region=region, values=translation.values_of(regime.values, given), implicit=implicit), steps


def _response(
    response: Response,
    laws: dict[str, ir.Distribution],
    values: dict[Symbol, Expr],
    assumptions: tuple[Boolean, ...],
) -> Response:
    """A stage's response under the named laws; its closed forms are proved where the regimes' are."""
    translation, implicit, _ = _translation(response.implicit, laws, values, assumptions, "response")
    cases = []
    for case in response.cases:
        here = translation.without(symbol for symbol, _ in case.values)
        region, among = here.region(case.region), here.region(case.among)
        if region is not None and among is not None:
            cases.append(Case(region, here.values_of(case.values, (*assumptions, *region)), case.free, among))
    return replace(response, cases=tuple(cases), implicit=implicit)


def _plain(value: Expr) -> bool:
    """Whether a closed form is rational, so that substituting it makes formulas simpler rather than longer."""
    return all(node.exp.is_Integer for node in value.atoms(Pow)) and not value.has(log, exp)


def _tidy(value: Expr, given: tuple[Boolean, ...]) -> Expr:
    """Factored, unless the expression is a sum that is meant to stay one (totals of named quantities)."""
    if isinstance(value, Add) and all(isinstance(term, Symbol | Mul) and not term.atoms(Pow) for term in value.args):
        return value
    try:
        return shaped(value, given)
    except field.NotRational:
        return value
