"""Steps that show what is best: derivatives, curvature, stationarity, cases, implicit roots, comparisons."""

from __future__ import annotations

from dataclasses import dataclass

from sympy import Add, Expr, Ge, Mul, Pow
from sympy.core.relational import Relational

from derive import steps as kinds
from derive.certificates import Certificate
from derive.render import Tex
from derive.views.latex.breaking import NOTHING, Display, Row
from derive.views.latex.certificates import reason, reasons, since
from derive.views.latex.sample import seen_under
from derive.views.latex.shape import RELATIONS
from derive.views.latex.shifted import visibly_signed
from derive.views.latex.steps import step_view
from derive.views.latex.width import width
from derive.views.latex.words import equalities, led_by, math, summed, words_list
from derive.views.latex.writer import Writer, alone, normal_form

_SHORT_CORE = 16.0
_SHORT_LIST = 18.0
_SHORT_SENTENCE = 40.0


@dataclass(frozen=True)
class Derivative:
    """A marginal payoff, as a positive factor times the part that carries its sign."""

    variable: Tex
    payoff: Tex
    introduced: Display | None
    display: Display
    positive: Tex
    reason: Tex
    since: Tex
    variant: int
    rises: bool = False
    falls: bool = False
    again: bool = False
    carrier: Tex = NOTHING


@step_view.register
def _(step: kinds.Marginal, writer: Writer) -> Derivative:
    symbol, introduced = writer.objective(step.objective)
    variable = writer.shape.tex(step.variable)
    constant = step.variable not in step.positive.free_symbols
    because = reason(step.certificate, writer)
    writer.marginal = step
    writer.sign_carrier = None if step.positive.is_number or (constant and not because) else step.core
    left = rf"\frac{{\partial {symbol}}}{{\partial {variable}}}"
    scaled = step.positive != 1
    product = Mul(step.positive, writer.form(step.core), evaluate=not step.core.is_Add) if scaled else step.core
    tied = scaled and isinstance(step.core, Add) and not step.positive.is_number
    settled = step.core.is_number and step.core != 0
    told = tied and not (constant and not because)
    label = writer.label(step)
    again = writer.again((kinds.Marginal, symbol, step.variable, step.positive, step.core)) and not (label or introduced)
    shown = writer.display(left, product, label=label, as_given=tied)
    return Derivative(
        math(variable),
        math(symbol),
        introduced,
        shown,
        (writer.math(step.positive) if width(writer.shape.inline(step.positive)) < _SHORT_LIST else Tex("..."))
        if told
        else Tex(""),
        because if told or settled else Tex(""),
        since(step.certificate, writer) if told else Tex(""),
        writer.count("Marginal"),
        rises=settled and step.core.is_positive is True,
        falls=settled and step.core.is_negative is True,
        again=again and not settled,
        carrier=_name_of(step.core, writer),
    )


def _name_of(core: Expr, writer: Writer) -> Tex:
    """The name that the text has given to what carries a sign, if it has."""
    return writer.setter.named(writer.form(core)) or writer.setter.named(core)


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
    again: bool = False
    evident: bool = False


@step_view.register(kinds.Crossing)
@step_view.register(kinds.SinglePeak)
def _(step: kinds.SinglePeak | kinds.Crossing, writer: Writer) -> Curvature:
    variable = writer.shape.tex(step.variable)
    short = width(writer.shape.inline(step.core)) < _SHORT_CORE
    factor = writer.sign_carrier == step.core
    left = rf"\frac{{\partial}}{{\partial {variable}}} \left[ {writer.shape.tex(step.core)} \right]" if short else ""
    label = writer.label(step)
    shown = writer.display(left, step.slope, relation="=" if short else "", tail=" < 0", label=label)
    because = reason(step.certificate, writer)
    again = writer.again((type(step), step.variable, step.core)) and not label
    seen = step.variable not in step.slope.free_symbols and writer.evident(step.slope < 0, step.given)
    return Curvature(
        math(variable),
        Tex(""),
        None,
        (shown,),
        (because,),
        short,
        writer.count(f"{type(step).__name__}{factor}"),
        _name_of(step.core, writer) or (writer.math(step.core) if short else Tex("")),
        factor,
        again,
        seen and not label,
    )


@step_view.register
def _(step: kinds.Concavity, writer: Writer) -> Curvature:
    symbol, introduced = writer.objective(step.objective)
    names = [writer.shape.tex(variable) for variable in step.variables]
    if len(names) == 1:
        left = rf"\frac{{\partial^2 {symbol}}}{{\partial {names[0]}^2}}"
        shown = writer.display(left, -step.minors[0], tail=" < 0", label=writer.label(step))
    else:
        signs = ["-" if order % 2 else "" for order in range(1, len(names) + 1)]
        lefts = [rf"{sign}\det H_{order}" if order < 10 else rf"{sign}\det H_{{{order}}}" for order, sign in enumerate(signs, start=1)]
        rows = [Row(left, (writer.form(minor),), tail=" > 0") for left, minor in zip(lefts, step.minors, strict=True)]
        shown = writer.setter.rows(rows, shape=writer.shape)
    return Curvature(
        words_list([math(name) for name in names]),
        math(alone(symbol)),
        introduced,
        (shown,),
        reasons(step.certificates, writer) or (Tex(""),),
        len(names) == 1,
        writer.count("Concavity"),
    )


@dataclass(frozen=True)
class Fact:
    """A relation or identity and why it holds."""

    display: Display
    reason: Tex
    where: Tex = NOTHING
    variant: int = 0
    names: Tex = NOTHING


@step_view.register
def _(step: kinds.Sign, writer: Writer) -> Fact:
    supposed = {normal_form(one) for one in (*writer.region, *map(writer.plain, step.given))}
    bare = normal_form(writer.plain(step.relation)) in supposed
    shown = _of_called(step, writer) or writer.claim(step.relation, writer.label(step), as_given=bare)
    return Fact(shown, reason(step.certificate, writer), variant=writer.count("Sign"))


def _of_called(step: kinds.Sign, writer: Writer) -> Display | None:
    """The claim about a value that the proof has given a name, with the value beside the name where both fit."""
    if not isinstance(step.relation, Relational) or step.relation.lhs not in writer.called:
        return None
    name, value = writer.shape.tex(writer.called[step.relation.lhs]), writer.form(step.relation.lhs)
    tail = f" {RELATIONS[step.relation.rel_op]} {writer.shape.tex(step.relation.rhs)}"
    if width(writer.shape.inline(value)) > _SHORT_LIST:
        return Display((Tex(f"{name}{tail}"),), writer.label(step))
    return writer.display(name, value, label=writer.label(step), tail=tail)


@dataclass(frozen=True)
class Held:
    """A constraint that was left out, at the choice that was found without it."""

    at: Tex
    condition: Tex
    display: Display
    reason: Tex
    variant: int


@step_view.register
def _(step: kinds.Admissible, writer: Writer) -> Held:
    mark = ">" if step.strict else ">="
    values = [f"{writer.shape.tex(symbol)} = {writer.shape.inline(value)}" for symbol, value in step.values]
    slack = summed(step.slack)
    wanted = writer.shape.inline(led_by(Relational(slack, 0, mark, evaluate=False), [symbol for symbol, _ in step.values]))
    short = values and width(" ".join((*values, wanted))) < _SHORT_SENTENCE
    return Held(
        words_list([math(value) for value in values]) if short else Tex(""),
        math(wanted) if short else Tex(""),
        writer.display(writer.shape.tex(slack), step.value, label=writer.label(step), tail=f" {RELATIONS[mark]} 0")
        if values
        else writer.claim(step.relation, writer.label(step)),
        reason(step.certificate, writer),
        writer.count("Admissible"),
    )


@step_view.register
def _(step: kinds.Identity, writer: Writer) -> Fact:
    row = Row(writer.shape.tex(step.left), (writer.form(step.right),), first=step.left)
    known = bool(step.where) and all(writer.called.get(value) == symbol for symbol, value in step.where)
    writer.called.update((value, symbol) for symbol, value in step.where if not value.is_number)
    return Fact(
        writer.setter.rows([row], label=writer.label(step), shape=writer.shape),
        Tex(""),
        Tex("these values") if known else equalities(step.where, writer.shape),
        writer.count("Identity"),
        equalities(step.names, writer.shape),
    )


@dataclass(frozen=True)
class Compared:
    """Two candidates and the difference of what they pay; what is too wide for the line is displayed."""

    better: Tex
    worse: Tex
    wide: tuple[Display, ...]
    display: Display
    reason: Tex
    variant: int
    above_zero: bool


@step_view.register
def _(step: kinds.Dominance, writer: Writer) -> Compared:
    gap = step.certificate.claim.lhs if isinstance(step.certificate.claim, Ge) else Add(step.better, -step.worse)
    form = visibly_signed(writer.form(gap), writer.tidy, (*writer.tidy.told, *step.given), room=2)
    writer = writer.using(seen_under(writer.shape, step.given))
    better, worse = (writer.form(side) for side in (step.better, step.worse))
    wide = any(width(writer.shape.inline(side)) > _SHORT_LIST for side in (better, worse))
    shown = Display(())
    if step.worse != 0 or writer.form(gap) != writer.form(step.better):
        row = Row("", (form,), "")
        shown = writer.setter.rows([row], label=writer.label(step), shape=writer.shape, tail=r" \geq 0")
    return Compared(
        writer.math(better),
        writer.math(worse),
        tuple(_stretched(side, writer) for side in (better, worse)) if wide else (),
        shown,
        Tex("No square is negative.") if writer.tidy.is_square(gap) else reason(step.certificate, writer),
        writer.count("Dominance"),
        step.worse == 0,
    )


def _stretched(side: Expr, writer: Writer) -> Display:
    """A side of a comparison beside one that is too wide for the line; nothing for one that is short."""
    long = width(writer.shape.inline(side)) > _SHORT_LIST / 2
    return writer.display("", side, relation="") if long else Display(())


@dataclass(frozen=True)
class Meeting:
    """Where two pieces of a payoff meet."""

    variable: Tex
    at: Tex
    left: Display
    right: Display
    drop: Display
    reason: Tex
    equal: bool


def _drop(certificate: Certificate | None, writer: Writer) -> Display:
    """By how much a marginal payoff falls, as its certificate says that this is not negative."""
    if certificate is None or not isinstance(certificate.claim, Relational):
        return Display(())
    claim = certificate.claim
    fall = claim.lhs - claim.rhs if claim.rel_op[0] == ">" else claim.rhs - claim.lhs
    return writer.display("", fall, relation="", tail=r" \geq 0")


@step_view.register
def _(step: kinds.Kink, writer: Writer) -> Meeting:
    variable = writer.shape.tex(step.variable)
    return Meeting(
        math(variable),
        math(f"{variable} = {writer.shape.inline(step.value)}"),
        writer.display("", step.left, relation=""),
        writer.display("", step.right, relation=""),
        _drop(step.certificate, writer),
        reason(step.certificate, writer),
        step.certificate is None,
    )


@dataclass(frozen=True)
class Ray:
    """A direction in which an objective grows without bound."""

    objective: Tex
    introduced: Display | None
    along: Tex
    fixed: Tex
    leading: Display
    exponent: Tex
    lower: Tex
    reasons: Tex


@step_view.register
def _(step: kinds.Unbounded, writer: Writer) -> Ray:
    symbol, introduced = writer.objective(step.objective)
    leading = Mul(step.coefficient, Pow(step.along, step.exponent, evaluate=False), evaluate=False)
    return Ray(
        math(symbol),
        introduced,
        writer.math(step.along),
        equalities(step.fixed, writer.shape),
        writer.display("", leading, relation="", label=writer.label(step), as_given=True),
        writer.math(step.exponent),
        words_list([writer.math(exponent) for exponent in step.lower]),
        Tex(" ".join(reasons(step.certificates, writer))),
    )


@dataclass(frozen=True)
class Absorbed:
    """A piece of a payoff that does not depend on a choice, beside one that does."""

    variable: Tex
    at: Tex
    ignored: Tex
    neighbour: Display


@step_view.register
def _(step: kinds.Absorption, writer: Writer) -> Absorbed:
    variable = writer.shape.tex(step.variable)
    return Absorbed(
        math(variable),
        math(f"{variable} = {writer.shape.inline(step.value)}"),
        writer.math(writer.form(step.ignored)),
        writer.display("", step.neighbour, relation="", label=writer.label(step)),
    )
