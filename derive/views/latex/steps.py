"""Each kind of step as a flat view for its macro: strings, LaTeX, displays and tuples of them.

Other families of steps register their own views with ``step_view.register``; a kind without one is shown by `Plain`, which holds
every field of the step as LaTeX under the field's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields, is_dataclass
from functools import singledispatch
from types import SimpleNamespace

from sympy import Add, Basic, Eq, Expr, Min, Mul, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from derive import steps as kinds
from derive.certificates import Certificate
from derive.ir import GeneralDistribution
from derive.render import Tex
from derive.steps import Step
from derive.views.latex.breaking import NOTHING, Display, Row
from derive.views.latex.certificates import reason
from derive.views.latex.width import width
from derive.views.latex.words import law_text, math, neat, numeral, prose, words_list
from derive.views.latex.writer import Writer, normal_form

__all__ = ["macro_name", "step_view"]

_SHORT_CORE = 16.0
_SHORT_LIST = 18.0


def macro_name(kind: type[Step]) -> str:
    """The name of the macro of a kind: ``EmptyCase`` has ``empty_case``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower()


@singledispatch
def step_view(step: Step, writer: Writer) -> object:
    """The flat view of a step. Without a function of its own: every field as LaTeX, by name."""
    return SimpleNamespace(**{entry.name: flat(getattr(step, entry.name), writer) for entry in fields(step)})


def flat(value: object, writer: Writer) -> object:
    """Any field as LaTeX: expressions inline, relations and certificates as text, tuples item by item."""
    if isinstance(value, Tex | bool | int) or value is None:
        return value
    if isinstance(value, Certificate):
        return reason(value, writer)
    if isinstance(value, Boolean) and not isinstance(value, Symbol):
        return writer.relation(value)
    if isinstance(value, Basic):
        return writer.math(value)
    if isinstance(value, tuple | list):
        return tuple(flat(item, writer) for item in value)
    if is_dataclass(value):
        return SimpleNamespace(**{entry.name: flat(getattr(value, entry.name), writer) for entry in fields(value)})
    return prose(str(value), writer.shape) if isinstance(value, str) else str(value)


# --- objectives ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Payoff:
    """A payoff rewritten: its symbol, the income it comes from, what is used, and the result."""

    symbol: Tex
    before: Display
    using: Tex
    after: Display
    variant: int
    extra: Tex = NOTHING
    mean: Display | None = None
    variance: Display | None = None
    closing: bool = False
    risk: Tex = NOTHING
    shocks: Tex = NOTHING


def _laws(laws: tuple[tuple[Symbol, object], ...], writer: Writer) -> Tex:
    """The laws in words; nothing for those that the model's section has described."""
    texts = [law_text(symbol, law, writer.shape) for symbol, law in laws]
    return words_list([text for text in texts if text not in writer.described])


def _shocks(laws: tuple[tuple[Symbol, object], ...], writer: Writer) -> Tex:
    return words_list([math(writer.shape.tex(symbol)) for symbol, _ in laws])


@step_view.register
def _(step: kinds.Expectation, writer: Writer) -> Payoff:
    symbol = writer.shape.tex(step.payoff)
    shown = writer.display(symbol, step.result, label=writer.label(step))
    writer.introduce(step.result, symbol)
    general = any(isinstance(law, GeneralDistribution) for _, law in step.laws)
    minimum = step.objective.has(Min)
    return Payoff(
        math(symbol),
        writer.display("", step.objective, relation=""),
        _laws(step.laws, writer),
        shown,
        writer.count("Expectation"),
        Tex("general" if general and minimum else "minimum" if minimum else ""),
        shocks=_shocks(step.laws, writer),
    )


@step_view.register
def _(step: kinds.CertaintyEquivalent, writer: Writer) -> Payoff:
    symbol = writer.shape.tex(step.payoff)
    rho = writer.shape.tex(step.risk_aversion)
    mean, variance = writer.fresh("m", "M"), writer.fresh("v", "V", "n")
    shown = writer.display(symbol, step.result, label=writer.label(step))
    writer.introduce(step.result, symbol)
    return Payoff(
        math(symbol),
        writer.display("", step.objective, relation=""),
        _laws(step.laws, writer),
        shown,
        writer.count("CertaintyEquivalent"),
        Tex(rf"{mean} - {rho} {variance} / 2"),
        writer.display(mean, step.mean),
        writer.display(variance, step.variance),
        risk=Tex(rho),
    )


@step_view.register
def _(step: kinds.JointObjective, writer: Writer) -> Payoff:
    symbol = " + ".join(writer.shape.tex(payoff) for payoff, _ in step.members)
    writer.introduce(step.result, symbol if len(step.members) == 1 else f"({symbol})")
    return Payoff(
        math(symbol),
        writer.equations(step.members),
        _equalities(step.eliminated, writer),
        writer.display(symbol, step.result, label=writer.label(step)),
        writer.count("JointObjective"),
    )


def _equalities(pairs: tuple[tuple[Symbol, Expr], ...], writer: Writer) -> Tex:
    return words_list([math(f"{writer.shape.tex(symbol)} = {writer.shape.inline(value)}") for symbol, value in pairs])


def _replacing(
    step: kinds.Anticipation | kinds.Concentration, symbol: str, before: Expr, after: Expr, writer: Writer
) -> Payoff:
    changed = tuple((left, right) for left, right in step.replace if left != right and before.has(left))
    writer.introduce(after, symbol)
    return Payoff(
        math(symbol),
        writer.equations(changed) if changed else Display(()),
        _equalities(changed, writer)
        if all(width(writer.shape.inline(value)) < _SHORT_LIST for _, value in changed)
        else Tex(""),
        writer.display(symbol, after, label=writer.label(step)),
        writer.count(f"{type(step).__name__}{writer.closing}"),
        closing=writer.closing,
    )


@step_view.register
def _(step: kinds.Anticipation, writer: Writer) -> Payoff:
    return _replacing(step, writer.shape.tex(step.payoff), step.before, step.after, writer)


def _name(objective: Expr, writer: Writer) -> str:
    return writer.objective(objective)[0]


@step_view.register
def _(step: kinds.Concentration, writer: Writer) -> Payoff:
    return _replacing(step, _name(step.before, writer), step.before, step.after, writer)


@dataclass(frozen=True)
class Separated:
    """An objective that is a sum of independent parts."""

    symbol: Tex
    introduced: Display | None
    blocks: tuple[Tex, ...]
    number: str


@step_view.register
def _(step: kinds.Separation, writer: Writer) -> Separated:
    symbol, introduced = writer.objective(step.objective)
    blocks = tuple(words_list([math(writer.shape.tex(one)) for one in block]) for block in step.blocks)
    return Separated(math(symbol), introduced, blocks, numeral(len(blocks)))


@dataclass(frozen=True)
class Binding:
    """A transfer or a multiplier: the constraint, the multiplier's value, why it is positive, what follows."""

    variable: Tex
    introduced: Display | None
    constraint: Display
    value: Tex
    display: Display
    reason: Tex
    symbol: Tex = NOTHING
    reduced: Display | None = None
    variant: int = 0


@step_view.register
def _(step: kinds.Transfer, writer: Writer) -> Binding:
    symbol, introduced = writer.objective(step.objective)
    name = writer.shape.tex(step.transfer)
    writer.introduce(step.reduced, symbol)
    return Binding(
        math(name),
        introduced,
        writer.recognised(step.constraint) or writer.claim(step.constraint >= 0),
        writer.math(step.value),
        writer.display(name, step.solved, label=writer.label(step)),
        reason(step.certificate, writer) if not step.value.is_number else Tex(""),
        math(symbol),
        writer.display(symbol, step.reduced),
    )


@step_view.register
def _(step: kinds.Multiplier, writer: Writer) -> Binding:
    name = writer.shape.tex(step.multiplier)
    return Binding(
        math(name),
        None,
        writer.display("0", step.constraint),
        writer.math(step.value),
        writer.display(name, step.value, label=writer.label(step), tail=" > 0"),
        reason(step.certificate, writer),
        variant=writer.count("Multiplier"),
    )


# --- optimality ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Derivative:
    """A marginal payoff, as a positive factor times the part that carries its sign."""

    variable: Tex
    payoff: Tex
    introduced: Display | None
    display: Display
    positive: Tex
    reason: Tex
    variant: int


@step_view.register
def _(step: kinds.Marginal, writer: Writer) -> Derivative:
    symbol, introduced = writer.objective(step.objective)
    variable = writer.shape.tex(step.variable)
    writer.sign_carrier = None if step.positive.is_number else step.core
    left = rf"\frac{{\partial {symbol}}}{{\partial {variable}}}"
    scaled = step.positive != 1
    product = Mul(step.positive, writer.form(step.core), evaluate=False) if scaled else step.core
    tied = scaled and isinstance(step.core, Add) and not step.positive.is_number
    return Derivative(
        math(variable),
        math(symbol),
        introduced,
        writer.display(left, product, label=writer.label(step), as_given=tied),
        (writer.math(step.positive) if width(writer.shape.inline(step.positive)) < _SHORT_LIST else Tex("..."))
        if tied
        else Tex(""),
        reason(step.certificate, writer) if tied else Tex(""),
        writer.count("Marginal"),
    )


@dataclass(frozen=True)
class Curvature:
    """A second-order argument: what is differentiated, the displays, and why the signs hold."""

    variables: Tex
    payoff: Tex
    introduced: Display | None
    minors: tuple[Display, ...]
    reasons: tuple[Tex, ...]
    single: bool
    variant: int
    core: Tex = NOTHING
    factor: bool = False


@step_view.register
def _(step: kinds.SinglePeak, writer: Writer) -> Curvature:
    variable = writer.shape.tex(step.variable)
    short = width(writer.shape.inline(step.core)) < _SHORT_CORE
    factor = writer.sign_carrier == step.core
    left = rf"\frac{{\partial}}{{\partial {variable}}} \left[ {writer.shape.tex(step.core)} \right]" if short else ""
    shown = writer.display(left, step.slope, relation="=" if short else "", tail=" < 0", label=writer.label(step))
    return Curvature(
        math(variable),
        Tex(""),
        None,
        (shown,),
        (reason(step.certificate, writer),),
        short,
        writer.count(f"SinglePeak{factor}"),
        writer.math(step.core) if short else Tex(""),
        factor,
    )


@step_view.register
def _(step: kinds.Concavity, writer: Writer) -> Curvature:
    symbol, introduced = writer.objective(step.objective)
    names = [writer.shape.tex(variable) for variable in step.variables]
    shown = []
    for order, minor in enumerate(step.minors, start=1):
        if len(names) == 1:
            left = rf"\frac{{\partial^2 {symbol}}}{{\partial {names[0]}^2}}"
            shown.append(writer.display(left, -minor, tail=" < 0", label=writer.label(step)))
        else:
            sign = "-" if order % 2 else ""
            shown.append(writer.display(rf"{sign}\det H_{order}", minor, tail=" > 0"))
    reasons = tuple(reason(certificate, writer) for certificate in step.certificates)
    return Curvature(
        words_list([math(name) for name in names]),
        math(symbol),
        introduced,
        tuple(shown),
        reasons,
        len(names) == 1,
        writer.count("Concavity"),
        math(", ".join(names)),
    )


@dataclass(frozen=True)
class Elimination:
    """One equation solved for one unknown."""

    unknown: Tex
    factor: Display | None
    lead: Tex
    excluded: tuple[Tex, ...]
    display: Display


@dataclass(frozen=True)
class Solved:
    """First-order conditions and their only solution."""

    number: str
    unknowns: Tex
    equations: Display
    trail: tuple[Elimination, ...]
    values: Display
    several: bool
    variant: int


@step_view.register
def _(step: kinds.Stationary, writer: Writer) -> Solved:
    equations = writer.setter.rows(
        [Row("", (writer.form(equation),), "", " = 0") for equation in step.equations], shape=writer.shape
    )
    values = dict(step.values)
    trail = []
    for entry in step.trail:
        last = values.get(entry.unknown) == entry.value
        trail.append(
            Elimination(
                math(writer.shape.tex(entry.unknown)),
                writer.display("", entry.factor, relation="", tail=" = 0") if entry.factor not in step.equations else None,
                writer.math(entry.lead),
                tuple(writer.relation(certificate.claim) for certificate in entry.excluded),
                writer.display(writer.shape.tex(entry.unknown), entry.value) if not last else Display(()),
            )
        )
    return Solved(
        numeral(len(step.equations)),
        words_list([math(writer.shape.tex(symbol)) for symbol, _ in step.values]),
        equations,
        tuple(trail),
        writer.equations(step.values, label=writer.label(step)),
        len(step.equations) > 1,
        writer.count("Stationary"),
    )


@dataclass(frozen=True)
class Excluded:
    """A set of binding constraints that cannot occur."""

    active: Tex
    number: int
    conditions: Tex
    reason: Tex
    variant: int


@step_view.register
def _(step: kinds.EmptyCase, writer: Writer) -> Excluded:
    writer.stated = frozenset(form for one in step.conditions for form in (normal_form(one), normal_form(_weaker(one))))
    active = words_list([_binding(expression, writer) for expression in step.active])
    return Excluded(
        active,
        len(step.active),
        writer.condition(step.conditions, "this requires") if step.conditions else Tex(""),
        reason(step.certificate, writer),
        writer.count("EmptyCase"),
    )


def _weaker(relation: Boolean) -> Boolean:
    weaker = {">": ">=", "<": "<="}
    if isinstance(relation, Relational) and relation.rel_op in weaker:
        return Relational(relation.lhs, relation.rhs, weaker[relation.rel_op], evaluate=False)
    return relation


def _binding(constraint: Expr, writer: Writer) -> Tex:
    """``constraint = 0`` with what is chosen on the left."""
    relation = neat(Eq(constraint, 0, evaluate=False))
    if (
        isinstance(relation, Eq)
        and relation.rhs.free_symbols & writer.choices
        and not relation.lhs.free_symbols & writer.choices
    ):
        relation = relation.reversed
    return math(writer.shape.inline(relation))


@dataclass(frozen=True)
class Root:
    """An implicitly defined quantity: existence by the values at the ends, uniqueness by monotonicity."""

    symbol: Tex
    equation: Display
    low: Tex
    high: Tex
    limits: tuple[Tex, Tex]
    reason: Tex
    lemma: Tex


@step_view.register
def _(step: kinds.ImplicitRoot, writer: Writer) -> Root:
    return Root(
        writer.math(step.symbol),
        writer.display("0", step.core, label=writer.label(step)),
        writer.math(step.low),
        writer.math(step.high),
        (writer.math(step.limits[0]), writer.math(step.limits[1])),
        reason(step.certificate, writer),
        writer.lemma(step.lemma) if step.lemma else Tex(""),
    )


@dataclass(frozen=True)
class Fact:
    """A relation or identity and why it holds."""

    display: Display
    reason: Tex
    where: Tex = NOTHING
    variant: int = 0


@step_view.register
def _(step: kinds.Sign, writer: Writer) -> Fact:
    return Fact(writer.claim(step.relation, writer.label(step)), reason(step.certificate, writer), variant=writer.count("Sign"))


@step_view.register
def _(step: kinds.Identity, writer: Writer) -> Fact:
    left = writer.shape.tex(step.left)
    return Fact(
        writer.display(left, step.right, label=writer.label(step)),
        Tex(""),
        _equalities(step.where, writer),
        writer.count("Identity"),
    )


@dataclass(frozen=True)
class Compared:
    """Two candidates and the difference of what they pay."""

    better: Tex
    worse: Tex
    display: Display
    reason: Tex
    variant: int


@step_view.register
def _(step: kinds.Dominance, writer: Writer) -> Compared:
    gap = Add(step.better, -step.worse)
    wide = any(width(writer.shape.inline(side)) > _SHORT_LIST for side in (step.better, step.worse))
    shown = Display(())
    if step.worse != 0 or wide:
        shown = writer.setter.rows([Row("", (gap,), "")], label=writer.label(step), shape=writer.shape, tail=r" \geq 0")
    return Compared(
        Tex("of the first") if wide else writer.math(step.better),
        Tex("that of the second") if wide else writer.math(step.worse),
        shown,
        reason(step.certificate, writer),
        writer.count("Dominance"),
    )


@dataclass(frozen=True)
class Meeting:
    """Where two pieces of a payoff meet."""

    variable: Tex
    at: Tex
    left: Display
    right: Display
    reason: Tex
    equal: bool


@step_view.register
def _(step: kinds.Kink, writer: Writer) -> Meeting:
    variable = writer.shape.tex(step.variable)
    return Meeting(
        math(variable),
        math(f"{variable} = {writer.shape.inline(step.value)}"),
        writer.display("", step.left, relation=""),
        writer.display("", step.right, relation=""),
        reason(step.certificate, writer),
        step.certificate is None,
    )


@dataclass(frozen=True)
class Covered:
    """Regions that partition the parameters, and why."""

    regions: tuple[Tex, ...]
    number: str
    reasons: tuple[Tex, ...]
    variant: int


@step_view.register
def _(step: kinds.Coverage, writer: Writer) -> Covered:
    regions = tuple(writer.relations(region) for region in step.regions)
    arguments = []
    for certificate in step.certificates:
        if certificate.claim == false:
            arguments.append(reason(certificate, writer))
        else:
            arguments.append(Tex(f"We have {writer.relation(certificate.claim)}. {reason(certificate, writer)}"))
    return Covered(regions, numeral(len(regions)), tuple(dict.fromkeys(arguments)), writer.count("Coverage"))
