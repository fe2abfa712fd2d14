"""One verifier per kind of step: the fact is derived again from the step's own data, its premises and its certificates.

Nothing of the solver is used: derivatives are SymPy's, identities go to `derive.check.zero`, expectations to
`derive.check.moments`, certificates to `derive.check.certificates`. A verifier raises `Rejected` with the reason.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence

import sympy
from sympy import Eq, Expr, Integer, Matrix, Ne, Symbol
from sympy.logic.boolalg import Boolean

from derive import steps
from derive.certificates import Certificate
from derive.check.certificates import Rejected, check
from derive.check.context import Context, follows, proved, same
from derive.check.moments import certain, ends, expected, moment, overage
from derive.check.sample import flat
from derive.check.zero import Undecided, is_zero, pieces
from derive.ir import CARA, Distribution, GeneralDistribution, Model, Normal, Participation
from derive.shocks import Cdf, LawFunction, Overage

__all__ = ["Context", "Rejected", "check_step", "follows", "proved", "verifier"]


# --- the registry ----------------------------------------------------------------------------------------------------------

Verifier = Callable[[steps.Step, Context], None]
VERIFIERS: dict[str, Verifier] = {}
OTHERS = ("derive.check.coalition", "derive.check.repeated")


def _verifies(kind: type[steps.Step]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    def enter(function: Callable[..., None]) -> Callable[..., None]:
        VERIFIERS[kind.__name__] = function
        return function

    return enter


def verifier(kind: type[steps.Step]) -> Verifier:
    """The verifier of a kind of step, in this module or in those of the other families. Raises KeyError."""
    if kind.__name__ in VERIFIERS:
        return VERIFIERS[kind.__name__]
    for name in OTHERS:
        found = getattr(importlib.import_module(name), "VERIFIERS", {})
        if kind in found:
            return found[kind]
    raise KeyError(kind.__name__)


def check_step(
    step: steps.Step,
    statement: Model | None,
    assumptions: tuple[Boolean, ...],
    premises: tuple[steps.Step, ...] = (),
    earlier: tuple[steps.Step, ...] = (),
) -> None:
    """Verify one step under `assumptions` and its own `given`; `earlier` are all steps before it.

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


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise Rejected(reason)


def settle(values: Iterable[tuple[Symbol, Expr]]) -> dict[Symbol, Expr]:
    """Values that may use each other, each in terms of none of them. Raises `Rejected` for a circle."""
    found = dict(values)
    for _ in range(len(found) + 1):
        if not any(value.free_symbols & set(found) - {symbol} for symbol, value in found.items()):
            return found
        found = {symbol: value.xreplace(found) for symbol, value in found.items()}
    raise Rejected("values that refer to each other in a circle")


# --- from the statement to deterministic objectives ----------------------------------------------------------------------


def _stated(step: steps.Expectation | steps.CertaintyEquivalent, context: Context) -> None:
    """The objective is the player's own, the laws those of the statement or of one of its instances."""
    if context.statement is None:
        return
    model = context.statement
    owners = [player for player in model.players if player.payoff == step.payoff]
    _need(len(owners) == 1, f"{step.payoff} is not a player's payoff")
    context.equal(definitions_out(owners[0].objective, model), step.objective, "the player's objective")
    instances = [dict(instance.laws) for instance in model.instances] or [{}]
    stated = {
        shock.symbol: [shock.distribution, *[i[shock.symbol] for i in instances if shock.symbol in i]] for shock in model.shocks
    }
    for shock, law in step.laws:
        _need(law in stated.get(shock, []), f"{shock} does not have that law in the statement")
    risky = {shock.symbol for shock in model.shocks} & step.objective.free_symbols
    _need(risky <= {shock for shock, _ in step.laws}, "a shock of the objective is left out")
    aversion = getattr(owners[0].risk, "risk_aversion", None)
    _need(isinstance(owners[0].risk, CARA) == isinstance(step, steps.CertaintyEquivalent), "another attitude to risk is stated")
    if isinstance(step, steps.CertaintyEquivalent):
        context.equal(sympy.sympify(aversion), step.risk_aversion, "the risk aversion")


def definitions_out(expr: Expr, model: Model) -> Expr:
    """`expr` with the model's notation replaced by what it abbreviates."""
    values = {definition.symbol: definition.value for definition in model.definitions}
    for _ in values:
        expr = expr.xreplace(values)
    return expr


@_verifies(steps.Expectation)
def _expectation(step: steps.Expectation, context: Context) -> None:
    _stated(step, context)
    laws = dict(step.laws)
    cuts: dict[Symbol, tuple[Symbol, Expr]] = {}

    def over(shock: Symbol, z: Expr) -> Expr:
        law = laws[shock]
        name = law.cdf if isinstance(law, GeneralDistribution) else f"F_{shock}"
        if isinstance(law, GeneralDistribution | Normal) or step.result.has(Overage):
            return Overage(name, z) if not isinstance(law, Normal) or step.result.has(Overage) else overage(law, z)
        return cuts.setdefault(Symbol(f"_cut{len(cuts)}", real=True), (shock, z)) and list(cuts)[-1]

    def slope(expr: Expr) -> int:
        return context.sign(sympy.factor(expr)) or context.sampled_sign(expr)

    value = expected(step.objective, laws, over, slope)
    for choice in _choices(cuts, laws, context):
        try:
            if is_zero(value.xreplace(choice) - step.result, context.positive):
                return
        except Undecided:
            continue
    raise Rejected(f"E[{step.objective}] is not {step.result}")


def _choices(
    cuts: Mapping[Symbol, tuple[Symbol, Expr]], laws: Mapping[Symbol, Distribution], context: Context
) -> list[dict[Symbol, Expr]]:
    """The closed forms of the overages: of the piece in which each cut lies at every sampled admissible point."""
    found: list[dict[Symbol, Expr]] = [{}]
    for name, (shock, z) in cuts.items():
        low, high = ends(laws[shock])
        below, above = context.sampled_sign(low - z), context.sampled_sign(z - high)
        options = [overage(laws[shock], z)] if below <= 0 and above <= 0 else []
        options += [Integer(0)] if below > 0 else [z - moment(laws[shock], 1)] if above > 0 else []
        found = [{**choice, name: option} for choice in found for option in options]
    return found


@_verifies(steps.CertaintyEquivalent)
def _certainty(step: steps.CertaintyEquivalent, context: Context) -> None:
    _stated(step, context)
    _need(context.sign(step.risk_aversion) > 0, f"the risk aversion {step.risk_aversion} is not known to be positive")
    context.equal(certain(step.objective, dict(step.laws), step.risk_aversion), step.result, "the certainty equivalent")
    context.equal(step.mean - step.risk_aversion / 2 * step.variance, step.result, "mean and variance")
    context.equal(step.mean, step.objective.xreplace({shock: moment(law, 1) for shock, law in step.laws}), "the mean")


@_verifies(steps.JointObjective)
def _joint(step: steps.JointObjective, context: Context) -> None:
    known: dict[Symbol, list[Expr]] = {}
    for premise in (*context.premises, *context.earlier):
        if isinstance(premise, steps.Expectation | steps.CertaintyEquivalent):
            known.setdefault(premise.payoff, []).append(premise.result)
        if isinstance(premise, steps.Anticipation):
            known.setdefault(premise.payoff, []).append(premise.after)
    if context.statement is not None:
        for player in context.statement.players:
            known.setdefault(player.payoff, []).append(definitions_out(player.objective, context.statement))
    for payoff, value in step.members:
        if payoff in known and not any(value == other or same(value, other) for other in known[payoff]):
            raise Rejected(f"{value} is not the payoff {payoff}")
    replace = settle(step.eliminated)
    protocols = context.statement.protocols if context.statement is not None else ()
    decisions = [decision for protocol in protocols for stage in protocol.stages for decision in stage.decisions]
    stated = [c.relation for decision in decisions for c in decision.subject_to if not isinstance(c, Participation)]
    for symbol, value in step.eliminated:
        _need(follows(Eq(symbol, value), (*context.known, *stated)), f"nothing says that {symbol} = {value}")
    total = sympy.Add(*[value for _, value in step.members])
    context.equal(total.xreplace(replace), step.result, "the joint objective")


@_verifies(steps.Anticipation)
def _anticipation(step: steps.Anticipation, context: Context) -> None:
    values = settle(step.replace)
    context.equal(step.before.xreplace(values), step.after.xreplace(values), "the anticipated payoff")


@_verifies(steps.Concentration)
def _concentration(step: steps.Concentration, context: Context) -> None:
    context.equal(step.before.xreplace(settle(step.replace)), step.after, "the concentrated objective")


# --- optimality ----------------------------------------------------------------------------------------------------------


@_verifies(steps.Marginal)
def _marginal(step: steps.Marginal, context: Context) -> None:
    context.equal(step.objective.diff(step.variable), step.positive * step.core, f"the derivative in {step.variable}")
    proved(step.positive > 0, step.certificate, context.known, "the factor split off")


@_verifies(steps.SinglePeak)
def _single_peak(step: steps.SinglePeak, context: Context) -> None:
    context.equal(step.core.diff(step.variable), step.slope, f"the slope of the core in {step.variable}")
    proved(step.slope < 0, step.certificate, context.known, "the slope of the core")
    _interval(step.variable, context)


def _interval(variable: Symbol, context: Context) -> None:
    """What is known of `variable` bounds it to an interval: each relation is affine in it, or a bound on a power of it."""
    for relation in context.known:
        if variable in relation.free_symbols:
            gap = relation.lhs - relation.rhs
            _need(relation.rel_op != "!=", f"{relation} cuts the domain of {variable} in two")
            context.equal(gap.diff(variable, 2), Integer(0), f"{relation} need not leave an interval of {variable}")


@_verifies(steps.Concavity)
def _concavity(step: steps.Concavity, context: Context) -> None:
    hessian = Matrix([[step.objective.diff(x, y) for y in step.variables] for x in step.variables])
    _need(len(step.minors) == len(step.variables), "a leading minor is missing")
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


@_verifies(steps.Stationary)
def _stationary(step: steps.Stationary, context: Context) -> None:
    values = settle(step.values)
    for equation in step.equations:
        context.equal(equation.xreplace(values), Integer(0), "substituted back")
    done: dict[Symbol, Expr] = {}
    open_equations = list(step.equations)
    for part in step.trail:
        known = flat(_at(relation, done) for relation in context.known)
        units = [_nonzero_side(certificate, known) for certificate in part.excluded]
        _only(part.equation, part.factor, units, context, "a factor that may vanish was dropped")
        for equation in open_equations:
            if _is_only(equation.xreplace(settle(done.items())), part.factor, units, context):
                open_equations.remove(equation)
                break
        else:
            raise Rejected(f"{part.equation} is none of the conditions")
        context.equal(part.factor.diff(part.unknown), part.lead, f"the coefficient of {part.unknown}")
        _need(part.unknown not in part.lead.free_symbols, f"{part.factor} is not linear in {part.unknown}")
        if not (part.lead.is_Rational and part.lead):
            _nonzero(part.lead, part.nonzero, known)
        context.equal(part.factor.xreplace({part.unknown: part.value}), Integer(0), f"the root {part.unknown}")
        done[part.unknown] = part.value
    _need(set(done) == set(values), "the eliminations do not determine every unknown")
    for symbol, value in settle(done.items()).items():
        context.equal(value, values[symbol], f"the value of {symbol}")


def _at(relation: Boolean, values: Mapping[Symbol, Expr]) -> Boolean:
    if not relation.free_symbols & set(values):
        return relation
    return relation.func((relation.lhs - relation.rhs).xreplace(settle(values.items())), 0)


def _nonzero_side(certificate: Certificate, known: tuple[Boolean, ...]) -> Expr:
    """What a certificate shows to be nonzero."""
    _need(getattr(certificate.claim, "rel_op", "") in ("<", ">", "!="), f"{certificate.claim} does not exclude zero")
    proved(certificate.claim, certificate, known, "an excluded factor")
    return certificate.claim.lhs - certificate.claim.rhs


def _nonzero(expr: Expr, certificate: Certificate | None, known: tuple[Boolean, ...]) -> None:
    if certificate is not None:
        goals = {"<": expr < 0, ">": expr > 0}
        proved(goals.get(getattr(certificate.claim, "rel_op", ""), Ne(expr, 0)), certificate, known, f"{expr} is nonzero")
        return
    _need(follows(Ne(expr, 0), known), f"no certificate that {expr} is nonzero")


def _only(equation: Expr, factor: Expr, units: Sequence[Expr], context: Context, reason: str) -> None:
    _need(_is_only(equation, factor, units, context), f"{reason}: {equation} against {factor}")


def _is_only(equation: Expr, factor: Expr, units: Sequence[Expr], context: Context) -> bool:
    """Whether ``equation = 0`` says no more than ``factor = 0``: they differ by a product of factors of `units`."""
    if same(equation, Integer(0)):
        return False
    found = pieces((equation / factor, *units, factor), context.positive)
    harmless, own = {base for bases in found[1:-1] for base, _ in bases}, dict(found[-1])
    return all(
        base.is_Rational or (n > 0 and (base in harmless or base in own)) or (n < 0 and base not in own) for base, n in found[0]
    )


@_verifies(steps.Multiplier)
def _multiplier(step: steps.Multiplier, context: Context) -> None:
    sources = [dict(settle(p.values)) for p in context.premises if isinstance(p, steps.Stationary)]
    sources += [{p.transfer: p.value, step.multiplier: p.value} for p in context.premises if isinstance(p, steps.Transfer)]
    sources = [source for source in sources if step.multiplier in source]
    _need(bool(sources), f"no premise gives {step.multiplier}")
    context.equal(sources[0][step.multiplier], step.value, f"the value of {step.multiplier}")
    proved(step.value > 0, step.certificate, context.known, f"{step.multiplier} is positive")


@_verifies(steps.EmptyCase)
def _empty_case(step: steps.EmptyCase, context: Context) -> None:
    known = (*context.known, *step.conditions)
    proved(sympy.false, step.certificate, known, "the case")


@_verifies(steps.Sign)
def _sign(step: steps.Sign, context: Context) -> None:
    proved(step.relation, step.certificate, context.known, "the relation")


@_verifies(steps.Identity)
def _identity(step: steps.Identity, context: Context) -> None:
    replace = settle(step.where)
    context.equal(step.left.xreplace(replace), step.right.xreplace(replace), "the identity")


@_verifies(steps.Transfer)
def _transfer(step: steps.Transfer, context: Context) -> None:
    gain, relief = step.objective.diff(step.transfer), step.constraint.diff(step.transfer)
    for slope in (gain, relief):
        context.equal(slope.diff(step.transfer), Integer(0), f"linear in {step.transfer}")
    context.equal(gain + step.value * relief, Integer(0), f"stationarity in {step.transfer}")
    proved(step.value > 0, step.certificate, context.known, "the multiplier")
    context.equal(step.constraint.xreplace({step.transfer: step.solved}), Integer(0), "the binding constraint")
    context.equal(step.objective.xreplace({step.transfer: step.solved}), step.reduced, "the reduced objective")
    bounds = [r for r in context.known if step.transfer in r.free_symbols and not follows(r, (step.constraint >= 0,))]
    _need(not bounds, f"{step.transfer} is bounded by more than the constraint: {bounds}")


@_verifies(steps.Separation)
def _separation(step: steps.Separation, context: Context) -> None:
    for i, first in enumerate(step.blocks):
        for second in step.blocks[i + 1 :]:
            _need(not set(first) & set(second), "two blocks share a variable")
            for x in first:
                for y in second:
                    context.equal(step.objective.diff(x, y), Integer(0), f"{x} and {y} interact")
                    tied = [relation for relation in context.known if {x, y} <= relation.free_symbols]
                    _need(not tied, f"{tied} ties {x} to {y}")


@_verifies(steps.Kink)
def _kink(step: steps.Kink, context: Context) -> None:
    at = {step.variable: step.value}
    context.equal(step.left.xreplace(at), step.right.xreplace(at), "the payoff is continuous at the kink")
    gap = (step.left.diff(step.variable) - step.right.diff(step.variable)).xreplace(at)
    if step.certificate is None:
        context.equal(gap, Integer(0), "the two slopes")
    else:
        proved(gap >= 0, step.certificate, flat(_at(relation, at) for relation in context.known), "the drop of the slope")


@_verifies(steps.Absorption)
def _absorption(step: steps.Absorption, context: Context) -> None:
    context.equal(step.ignored.diff(step.variable), Integer(0), f"{step.variable} does not matter")
    at = {step.variable: step.value}
    context.equal(step.ignored.xreplace(at), step.neighbour.xreplace(at), "the payoff where the neighbouring piece begins")


@_verifies(steps.Unbounded)
def _unbounded(step: steps.Unbounded, context: Context) -> None:
    """``x d/dx - e`` takes the power ``e`` out: without the lower ones, only the leading power is left."""
    x, value = step.along, step.objective.xreplace(settle(step.fixed))
    factor: Expr = step.coefficient
    for exponent in step.lower:
        value = x * value.diff(x) - exponent * value
        factor *= step.exponent - exponent
    context.equal(value, factor * x**step.exponent, "the powers of the objective")
    left = list(step.certificates)
    for goal in (step.exponent > 0, *(step.exponent - e > 0 for e in step.lower), step.coefficient > 0):
        if goal != sympy.true:
            proved(goal, left.pop(0) if left else None, context.known, "the growth")
    _need(
        not any(x in part.free_symbols for part in (step.coefficient, step.exponent, *step.lower)), f"{x} is in a coefficient"
    )


@_verifies(steps.Dominance)
def _dominance(step: steps.Dominance, context: Context) -> None:
    proved(step.better - step.worse >= 0, step.certificate, context.known, "the comparison")


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


@_verifies(steps.ImplicitRoot)
def _implicit_root(step: steps.ImplicitRoot, context: Context) -> None:
    z = step.symbol
    if step.lemma:
        names = {head.law for head in step.core.atoms(LawFunction)}
        shocks = context.statement.shocks if context.statement is not None else ()
        laws = [
            s.distribution for s in shocks if isinstance(s.distribution, GeneralDistribution) and s.distribution.cdf in names
        ]
        _need(len(laws) == 1, "the lemma speaks of one general law")
        lemmas = _lemmas(laws[0].cdf, z, laws[0])
        _need(step.lemma in lemmas, f"no lemma {step.lemma}")
        quantity, start, stop, igfr = lemmas[step.lemma]
        _need(laws[0].igfr or not igfr, f"{step.lemma} needs an increasing generalised failure rate")
        low = sympy.sympify(laws[0].low)
        _need(
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
    _need(sorted(signs) == [-1, 1], "the values at the two ends are not of opposite sign at every admissible point")


def _side(claim: Boolean) -> int:
    """-1 for a claim that something is negative."""
    return -1 if getattr(claim, "rel_op", "") in ("<", "<=") and claim.rhs == 0 else 1


def _constant(expr: Expr, z: Symbol) -> Expr:
    """An expression whose derivative in `z` vanishes, without `z`: its value where `z` and the law's functions are numbers."""
    heads = sorted((head for head in expr.atoms(LawFunction) if z in head.free_symbols), key=str)
    fixed = {head: sympy.Rational(1, 5 + i) for i, head in enumerate(heads)}
    return expr.xreplace(fixed).xreplace({z: Integer(2)})


@_verifies(steps.Coverage)
def _coverage(step: steps.Coverage, context: Context) -> None:
    for certificate in step.certificates:
        check(certificate)
        _need(certificate.claim == sympy.false, f"{certificate.claim} is no refutation")
    regions = [flat(region) for region in step.regions]

    def refuted(relations: Sequence[Boolean]) -> bool:
        here = flat((*context.known, *relations))
        if sympy.false in here or any(follows(sympy.Not(relation), here) for relation in relations):
            return True
        return any(all(follows(r, here) for r in certificate.given) for certificate in step.certificates)

    for i, first in enumerate(regions):
        for j, second in enumerate(regions[i + 1 :], i + 1):
            _need(refuted((*first, *second)), f"regions {i + 1} and {j + 1} are not shown to be disjoint")

    def uncovered(position: int, chosen: tuple[Boolean, ...]) -> None:
        if position and refuted(chosen):
            return
        _need(position < len(regions), f"nothing covers {chosen}")
        for relation in regions[position]:
            uncovered(position + 1, (*chosen, sympy.Not(relation)))

    uncovered(0, ())
