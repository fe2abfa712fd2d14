"""One verifier per kind of step: the fact is derived again from the step's own data, its premises and its certificates.

Nothing of the solver is used: derivatives are SymPy's, identities go to `derive.check.zero`, expectations to
`derive.check.moments`, certificates to `derive.check.certificates`. A verifier raises `Rejected` with the reason.
"""

from __future__ import annotations

import importlib

import sympy
from sympy import Expr, Integer, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from derive import steps
from derive.check import cases as _cases_of_payoffs  # noqa: F401 (enters its verifiers)
from derive.check import kkt as _kkt  # noqa: F401 (enters its verifiers)
from derive.check import partition as _partition  # noqa: F401 (enters its verifier)
from derive.check.certificates import Rejected
from derive.check.context import Context, follows, proved, same
from derive.check.derivatives import derivative
from derive.check.elimination import relation_at
from derive.check.moments import described
from derive.check.objectives import definitions_out, outside_worth
from derive.check.registry import VERIFIERS, Verifier, interval, need, settle, verifies
from derive.check.sample import flat
from derive.check.zero import Undecided
from derive.ir import GeneralDistribution, Model
from derive.shocks import Cdf, LawFunction, Overage

__all__ = ["VERIFIERS", "Context", "Rejected", "check_step", "definitions_out", "follows", "proved", "settle", "verifier"]


# --- the registry ----------------------------------------------------------------------------------------------------------

OTHERS = (
    "derive.check.inverse",
    "derive.check.cubic",
    "derive.check.loglinear",
    "derive.check.triangular",
    "derive.check.programs",
    "derive.check.groups",
    "derive.check.coalition",
    "derive.check.repeated",
    "derive.check.bargaining",
    "derive.check.contracts",
    "derive.check.screening",
    "derive.check.auctions",
    "derive.check.double_auctions",
)


def verifier(kind: type[steps.Step]) -> Verifier:
    """The verifier of a kind of step, in this module or in those of the other families. Raises KeyError."""
    if kind.__name__ in VERIFIERS:
        return VERIFIERS[kind.__name__]
    for name in OTHERS:
        module = importlib.import_module(name)
        if kind.__name__ in VERIFIERS:
            return VERIFIERS[kind.__name__]
        found = getattr(module, "VERIFIERS", {})
        if kind in found:
            return found[kind]
    raise KeyError(kind.__name__)


def check_step(
    step: steps.Step,
    statement: Model | None,
    assumptions: tuple[Boolean, ...],
    premises: tuple[steps.Step, ...] = (),
    earlier: tuple[steps.Step, ...] = (),
) -> tuple[str, ...]:
    """Verify one step under `assumptions` and its own `given`; `earlier` are all steps before it. Returns what rests on samples.

    Raises `Rejected` naming the step and the reason.
    """
    facts = tuple(
        premise.relation
        for premise in premises
        if isinstance(premise, steps.Sign) and all(follows(relation, (*assumptions, *step.given)) for relation in premise.given)
    )
    context = Context(statement, flat((*assumptions, *step.given, *facts)), premises, earlier)
    try:
        verifier(type(step))(step, context)
    except Rejected as reason:
        raise Rejected(f"{step.label}: {reason}") from reason
    except KeyError as reason:
        raise Rejected(f"{step.label}: no verifier for {type(step).__name__}") from reason
    except Undecided as reason:
        raise Rejected(f"{step.label}: undecided: {reason}") from reason
    return tuple(f"{step.label}: {doubt}" for doubt in sorted(context.doubts))


# --- optimality ----------------------------------------------------------------------------------------------------------


@verifies(steps.Marginal)
def _marginal(step: steps.Marginal, context: Context) -> None:
    context.equal(derivative(step.objective, step.variable), step.positive * step.core, f"the derivative in {step.variable}")
    proved(step.positive > 0, step.certificate, context.known, "the factor split off")


@verifies(steps.SinglePeak)
def _single_peak(step: steps.SinglePeak, context: Context) -> None:
    context.equal(derivative(step.core, step.variable), step.slope, f"the slope of the core in {step.variable}")
    proved(step.slope < 0, step.certificate, context.known, "the slope of the core")
    interval(step.variable, context)


@verifies(steps.Crossing)
def _crossing(step: steps.Crossing, context: Context) -> None:
    context.equal(derivative(step.core, step.variable), step.slope, f"the slope of the core in {step.variable}")
    proved(step.slope < 0, step.certificate, (*context.known, sympy.Eq(step.core, 0)), "the slope where the core vanishes")
    interval(step.variable, context)


@verifies(steps.Concavity)
def _concavity(step: steps.Concavity, context: Context) -> None:
    hessian = Matrix([[derivative(derivative(step.objective, x), y) for y in step.variables] for x in step.variables])
    need(len(step.minors) == len(step.variables), "a leading minor is missing")
    left = list(step.certificates)
    for size, minor in enumerate(step.minors, 1):
        context.equal((-1) ** size * hessian[:size, :size].det(method="berkowitz"), minor, f"minor {size}")
        if not (minor.is_Rational and minor > 0):
            proved(minor > 0, left.pop(0) if left else None, context.known, f"minor {size}")
    for relation in context.known:
        for x in step.variables:
            for y in step.variables:
                if {x, y} <= relation.free_symbols:
                    context.equal(
                        (relation.lhs - relation.rhs).diff(x, y), Integer(0), f"{relation} need not leave a convex set"
                    )


@verifies(steps.Multiplier)
def _multiplier(step: steps.Multiplier, context: Context) -> None:
    sources = [dict(settle(p.values)) for p in context.premises if isinstance(p, steps.Stationary)]
    sources += [{p.transfer: p.value, step.multiplier: p.value} for p in context.premises if isinstance(p, steps.Transfer)]
    sources = [source for source in sources if step.multiplier in source]
    need(bool(sources), f"no premise gives {step.multiplier}")
    context.equal(sources[0][step.multiplier], step.value, f"the value of {step.multiplier}")
    proved(step.value > 0, step.certificate, context.known, f"{step.multiplier} is positive")


@verifies(steps.Sign)
def _sign(step: steps.Sign, context: Context) -> None:
    proved(step.relation, step.certificate, context.known, "the relation")


@verifies(steps.Admissible)
def _admissible(step: steps.Admissible, context: Context) -> None:
    context.equal(step.slack.xreplace(settle(step.values)), step.value, "the constraint at the choice")
    proved(step.value > 0 if step.strict else step.value >= 0, step.certificate, context.known, "the constraint")


@verifies(steps.Identity)
def _identity(step: steps.Identity, context: Context) -> None:
    replace = settle(step.where)
    named = dict(step.names)
    if not named.keys() <= replace.keys() or any(replace.keys() & value.free_symbols for value in named.values()):
        raise Rejected("a name that is not replaced, or that stands for what is replaced")
    context.equal(step.left.xreplace(replace), step.right.xreplace(replace), "the identity")


@verifies(steps.Transfer)
def _transfer(step: steps.Transfer, context: Context) -> None:
    gain, relief = step.objective.diff(step.transfer), step.constraint.diff(step.transfer)
    for slope in (gain, relief):
        context.equal(slope.diff(step.transfer), Integer(0), f"linear in {step.transfer}")
    context.equal(gain + step.value * relief, Integer(0), f"stationarity in {step.transfer}")
    proved(step.value > 0, step.certificate, context.known, "the multiplier")
    context.equal(step.constraint.xreplace({step.transfer: step.solved}), Integer(0), "the binding constraint")
    context.equal(step.objective.xreplace({step.transfer: step.solved}), step.reduced, "the reduced objective")
    bounds = [r for r in context.known if step.transfer in r.free_symbols and not follows(r, (step.constraint >= 0,))]
    need(not bounds, f"{step.transfer} is bounded by more than the constraint: {bounds}")


@verifies(steps.Separation)
def _separation(step: steps.Separation, context: Context) -> None:
    for i, first in enumerate(step.blocks):
        for second in step.blocks[i + 1 :]:
            need(not set(first) & set(second), "two blocks share a variable")
            for x in first:
                for y in second:
                    context.equal(step.objective.diff(x, y), Integer(0), f"{x} and {y} interact")
                    tied = [relation for relation in context.known if {x, y} <= relation.free_symbols]
                    need(not tied, f"{tied} ties {x} to {y}")


@verifies(steps.Kink)
def _kink(step: steps.Kink, context: Context) -> None:
    at = {step.variable: step.value}
    context.equal(step.left.xreplace(at), step.right.xreplace(at), "the payoff is continuous at the kink")
    gap = (step.left.diff(step.variable) - step.right.diff(step.variable)).xreplace(at)
    if step.certificate is None:
        context.equal(gap, Integer(0), "the two slopes")
    else:
        proved(
            gap >= 0, step.certificate, flat(relation_at(relation, at) for relation in context.known), "the drop of the slope"
        )


@verifies(steps.Absorption)
def _absorption(step: steps.Absorption, context: Context) -> None:
    context.equal(step.ignored.diff(step.variable), Integer(0), f"{step.variable} does not matter")
    at = {step.variable: step.value}
    context.equal(step.ignored.xreplace(at), step.neighbour.xreplace(at), "the payoff where the neighbouring piece begins")


@verifies(steps.Unbounded)
def _unbounded(step: steps.Unbounded, context: Context) -> None:
    """``x d/dx - e`` takes the power ``e`` out: without the lower ones, only the leading power is left."""
    x, value = step.along, step.objective.xreplace(settle(step.fixed))
    factor: Expr = step.coefficient
    for exponent in step.lower:
        value = x * derivative(value, x) - exponent * value
        factor *= step.exponent - exponent
    context.equal(value, factor * x**step.exponent, "the powers of the objective")
    left = list(step.certificates)
    for goal in (step.exponent > 0, *(step.exponent - e > 0 for e in step.lower), step.coefficient > 0):
        if goal != sympy.true:
            proved(goal, left.pop(0) if left else None, context.known, "the growth")
    need(not any(x in part.free_symbols for part in (step.coefficient, step.exponent, *step.lower)), f"{x} is in a coefficient")


@verifies(steps.Dominance)
def _dominance(step: steps.Dominance, context: Context) -> None:
    proved(step.better - step.worse >= 0, step.certificate, context.known, "the comparison")


@verifies(steps.OutsideOption)
def _outside_option(step: steps.OutsideOption, context: Context) -> None:
    if context.statement is not None:
        stated = [
            definitions_out(worth, context.statement)
            for protocol in context.statement.protocols
            if (worth := outside_worth(context.statement, protocol, step.payoffs)) is not None
        ]
        need(any(same(step.outside, worth) for worth in stated), f"{step.outside} is not what the first movers earn outside")
    gap = step.inside - step.outside
    proved(gap >= 0 if step.starts else gap < 0, step.certificate, context.known, "the comparison with the outside option")


# --- implicit roots and coverage ---------------------------------------------------------------------------------------


def _lemmas(name: str, z: Expr, law: GeneralDistribution) -> dict[str, tuple[Expr, Expr, Expr, bool]]:
    """Quantities that are strictly monotone in ``z`` on the support, their limits at its ends, and whether IGFR is needed.

    ``S = z - Lambda`` has ``S' = 1 - F > 0``; ``S/z`` averages the falling ``1 - F``; ``z (1 - F)/S`` falls under IGFR, as
    its logarithmic slope times z is ``1 - g - e`` and ``e + g > 1``. The last two need ``low >= 0``.
    """
    sales = z - Overage(name, z)
    share = Integer(0) if law.high == sympy.oo else sympy.sympify(law.mean) / law.high
    return {
        "cdf-increasing": (Cdf(name, z), Integer(0), Integer(1), False),
        "sales-increasing": (sales, sympy.sympify(law.low), sympy.sympify(law.mean), False),
        "sales-per-unit-decreasing": (sales / z, Integer(1), share, False),
        "elasticity-decreasing": (z * (1 - Cdf(name, z)) / sales, Integer(1), Integer(0), True),
    }


@verifies(steps.ImplicitRoot)
def _implicit_root(step: steps.ImplicitRoot, context: Context) -> None:
    z = step.symbol
    if step.lemma:
        names = {head.law for head in step.core.atoms(LawFunction)}
        shocks = context.statement.shocks if context.statement is not None else ()
        laws = [law for shock in shocks if (law := described(shock)).cdf in names]
        need(len(laws) == 1, "the lemma speaks of one law")
        lemmas = _lemmas(laws[0].cdf, z, laws[0])
        need(step.lemma in lemmas, f"no lemma {step.lemma}")
        quantity, start, stop, igfr = lemmas[step.lemma]
        need(laws[0].igfr or not igfr, f"{step.lemma} needs an increasing generalised failure rate")
        low = sympy.sympify(laws[0].low)
        need(
            "increasing" in step.lemma or low.is_nonnegative is True or follows(low >= 0, context.known),
            "the law reaches below 0",
        )
        context.equal(step.low, low, "the lower end")
        context.equal(step.high, sympy.sympify(laws[0].high), "the upper end")
        direction = 1 if same((step.core - quantity).diff(z), Integer(0)) else -1
        level = direction * step.core - quantity
        context.equal(level.diff(z), Integer(0), f"the condition is not the quantity of {step.lemma} and a constant")
        level = level.xreplace({quantity: Integer(0)}) if z not in level.free_symbols else _constant(level, z)
        limits = (direction * (start + level), direction * (stop + level))
    else:
        slope = step.core.diff(z)
        claim = step.certificate.claim if step.certificate is not None else sympy.true
        proved(slope < 0 if _side(claim) < 0 else slope > 0, step.certificate, context.known, "the slope")
        limits = (sympy.limit(step.core, z, step.low), sympy.limit(step.core, z, step.high))
    for stated, own in zip(step.limits, limits, strict=True):
        if stated != own:
            context.equal(stated, own, "the value at an end")
    signs = [context.sampled_sign(limit) for limit in step.limits]
    need(sorted(signs) == [-1, 1], "the values at the two ends are not of opposite sign at every admissible point")


def _side(claim: Boolean) -> int:
    """-1 for a claim that something is negative."""
    return -1 if getattr(claim, "rel_op", "") in ("<", "<=") and claim.rhs == 0 else 1


def _constant(expr: Expr, z: Symbol) -> Expr:
    """An expression whose derivative in `z` vanishes, without `z`: its value where `z` and the law's functions are numbers."""
    heads = sorted((head for head in expr.atoms(LawFunction) if z in head.free_symbols), key=str)
    fixed = {head: sympy.Rational(1, 5 + i) for i, head in enumerate(heads)}
    return expr.xreplace(fixed).xreplace({z: Integer(2)})
