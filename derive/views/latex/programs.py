"""Steps about a payoff over a region of several choices as flat views: strings, displays and tuples of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Ge, Le, false
from sympy.core.relational import StrictGreaterThan, StrictLessThan
from sympy.logic.boolalg import Boolean

from derive import programs as kinds
from derive.field import normal
from derive.render import Tex
from derive.views.latex.breaking import NOTHING, Display
from derive.views.latex.certificates import reason, reasons
from derive.views.latex.contradictions import against
from derive.views.latex.evident import facts_of, is_short
from derive.views.latex.steps import step_view
from derive.views.latex.words import led_by, math, numeral, words_list
from derive.views.latex.writer import Writer, alone

__all__: list[str] = []


def _names(symbols: Sequence[Expr], writer: Writer) -> Tex:
    return words_list([writer.math(symbol) for symbol in symbols])


@dataclass(frozen=True)
class Semidefinite:
    """Concavity by all principal minors."""

    payoff: Tex
    introduced: Display | None
    variables: Tex
    minors: tuple[Display, ...]
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.WeakConcavity, writer: Writer) -> Semidefinite:
    symbol, introduced = writer.objective(step.objective)
    shown = dict.fromkeys(minor for minor in step.minors if not minor.is_Rational)
    return Semidefinite(
        math(alone(symbol)),
        introduced,
        _names(step.variables, writer),
        tuple(writer.display("", minor, relation="", tail=r" \geq 0") for minor in shown),
        reasons(step.certificates, writer),
    )


@dataclass(frozen=True)
class Conditions:
    """A choice at which the Karush-Kuhn-Tucker conditions hold: its values and what of it is free, what binds there, the multipliers."""

    payoff: Tex
    introduced: Display | None
    values: Display
    free: Tex
    binding: Tex
    multipliers: Display | None
    several: bool


def _conditions(step: kinds.GlobalMaximum | kinds.LagrangianMaximum, writer: Writer) -> Conditions:
    symbol, introduced = writer.objective(step.objective)
    binding, shown = _multipliers(step.constraints, step.multipliers, writer)
    return Conditions(
        math(alone(symbol)),
        introduced,
        writer.equations(tuple((s, value) for s, value in step.values if value != s), writer.label(step)),
        _names(tuple(s for s, value in step.values if value == s), writer),
        _tight(binding, writer) if binding else Tex(""),
        shown,
        len(binding) > 1,
    )


@dataclass(frozen=True)
class Maximum:
    """A choice at which the Karush-Kuhn-Tucker conditions of a concave problem hold."""

    at: Conditions
    reasons: tuple[Tex, ...]
    attained: bool
    variant: int


@step_view.register
def _(step: kinds.GlobalMaximum, writer: Writer) -> Maximum:
    conditions = _conditions(step, writer)
    return Maximum(conditions, reasons(step.certificates, writer), step.attained, writer.count("GlobalMaximum"))


@dataclass(frozen=True)
class Roots:
    """A concave quadratic constraint as the stretch between its roots."""

    constraint: Tex
    variable: Tex
    exists: Tex
    low: Display
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.RootBounds, writer: Writer) -> Roots:
    variable = writer.shape.tex(step.variable)
    low, high = (writer.form(normal(step.centre + side * step.root)) for side in (-1, 1))
    always, strict = step.level.is_Rational, isinstance(step.constraint, StrictGreaterThan | StrictLessThan)
    order = "<" if strict else r"\leq"
    return Roots(
        writer.relation(step.constraint),
        math(variable),
        Tex("") if always else writer.relation(step.level > 0 if strict else step.level >= 0),
        writer.display("", low, relation="", tail=rf" {order} {variable} {order} {writer.shape.tex(high)}"),
        reasons((step.certificate,), writer),
    )


@dataclass(frozen=True)
class Beyond:
    """A convex quadratic constraint as a bound: one of its roots, on the side of their centre on which all choices lie."""

    constraint: Tex
    variable: Tex
    centre: Display
    bound: Display
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.OuterBound, writer: Writer) -> Beyond:
    variable = writer.shape.tex(step.variable)
    sign, order = (-1, r"\leq") if step.upper else (1, r"\geq")
    return Beyond(
        writer.relation(step.constraint),
        math(variable),
        writer.display(variable, step.centre, relation=order),
        writer.display(variable, writer.form(normal(step.centre + sign * step.root)), relation=order),
        reasons((step.certificate, step.exists, step.nonnegative, step.side), writer),
    )


@dataclass(frozen=True)
class Saddle:
    """A choice that maximises the Lagrangian, and with it the payoff."""

    at: Conditions
    minors: tuple[Display, ...]
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.LagrangianMaximum, writer: Writer) -> Saddle:
    conditions = _conditions(step, writer)
    minors = dict.fromkeys(minor for minor in step.minors if not minor.is_Rational)
    return Saddle(
        conditions,
        tuple(writer.display("", minor, relation="", tail=" > 0") for minor in minors),
        reasons((*step.certificates, *step.concave), writer),
    )


def _multipliers(
    constraints: Sequence[Boolean], multipliers: Sequence[Expr], writer: Writer
) -> tuple[list[Boolean], Display | None]:
    """The constraints that bind, and the display of their multipliers."""
    pairs = list(zip(constraints, multipliers, strict=True))
    binding = [relation for relation, multiplier in pairs if multiplier != 0]
    named = [multiplier for _, multiplier in pairs if multiplier != 0]
    if not named:
        return binding, None
    if len(named) == 1:
        return binding, writer.display(r"\lambda", named[0], tail=r" \geq 0")
    lines = [writer.display(rf"\lambda_{{{place}}}", one, tail=r" \geq 0") for place, one in enumerate(named, 1)]
    return binding, _stacked([*(replace(one, lines=(*one.lines[:-1], Tex(f"{one.lines[-1]},"))) for one in lines[:-1]), lines[-1]])


def _stacked(displays: Sequence[Display]) -> Display:
    """Several displays as the rows of one."""
    lines = [Tex(line if "&" in line else f"&{line}") for display in displays for line in display.lines]
    return Display(tuple(lines), "", tuple(one for display in displays for one in display.where))


@dataclass(frozen=True)
class Contradicted:
    """Constraints that cannot hold together."""

    variables: Tex
    constraints: Tex
    reason: Tex


@step_view.register
def _(step: kinds.Infeasible, writer: Writer) -> Contradicted:
    return Contradicted(
        _names(step.variables, writer),
        writer.relations(step.constraints),
        against(step.certificate, writer.having_told(step.constraints)),
    )


@dataclass(frozen=True)
class Direction:
    """A direction in which a payoff grows without bound."""

    payoff: Tex
    introduced: Display | None
    variables: Tex
    point: Tex
    direction: Tex
    accelerating: bool
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.Recession, writer: Writer) -> Direction:
    symbol, introduced = writer.objective(step.objective)
    certificates = (*step.feasible, *step.open_ended, step.curvature, step.growth)
    return Direction(
        math(alone(symbol)),
        introduced,
        _vector(step.variables, writer),
        _vector(step.point, writer),
        _vector(step.direction, writer),
        step.accelerating,
        reasons(certificates, writer),
    )


def _vector(entries: Sequence[Expr], writer: Writer) -> Tex:
    parts = [writer.shape.tex(entry) for entry in entries]
    return math(parts[0] if len(parts) == 1 else rf"\left({', '.join(parts)}\right)")


@dataclass(frozen=True)
class Exists:
    """Why a maximum exists."""

    payoff: Tex
    introduced: Display | None
    variables: Tex
    bounded: bool
    directions: Tex
    reasons: tuple[Tex, ...]


@step_view.register
def _(step: kinds.Existence, writer: Writer) -> Exists:
    symbol, introduced = writer.objective(step.objective)
    bounded = all(certificate.claim == false for certificate in step.certificates)
    plain = bounded and all(map(is_short, step.certificates))
    weak = dict.fromkeys(fact for one in step.certificates if plain for fact in facts_of(one) if isinstance(fact, Ge | Le | Eq))
    return Exists(
        math(alone(symbol)),
        introduced,
        _names(step.variables, writer),
        bounded,
        writer.facts(weak) if weak else NOTHING,
        () if plain else reasons(step.certificates, writer),
    )


@dataclass(frozen=True)
class Line:
    """One set of binding constraints: which, and what becomes of it."""

    active: Tex
    dependent: bool
    flat: Tex
    values: Tex
    reason: Tex


@dataclass(frozen=True)
class Search:
    """All sets of binding constraints."""

    payoff: Tex
    number: str
    kept: tuple[Line, ...]
    flat: tuple[Line, ...]
    excluded: tuple[Line, ...]
    dependent: bool


@step_view.register
def _(step: kinds.OnlyCandidates, writer: Writer) -> Search:
    symbol, _ = writer.objective(step.objective)
    lines = [(case, _line(case, step, writer)) for case in step.cases]
    return Search(
        math(alone(symbol)),
        numeral(len(step.cases)),
        tuple(line for case, line in lines if case.values and case.certificate is None),
        tuple(line for case, line in lines if case.flat),
        tuple(line for case, line in lines if case.values and case.certificate is not None),
        any(case.dependent for case in step.cases),
    )


def _line(case: kinds.BindingCase, step: kinds.OnlyCandidates, writer: Writer) -> Line:
    return Line(
        _tight([step.constraints[j] for j in case.active], writer),
        bool(case.dependent),
        _vector(case.flat, writer) if case.flat else NOTHING,
        words_list([math(f"{writer.shape.tex(x)} = {writer.shape.inline(v)}") for x, v in zip(step.variables, case.values, strict=True)])
        if case.values
        else NOTHING,
        reason(case.certificate, writer) if case.certificate is not None else NOTHING,
    )  # fmt: skip


def _tight(relations: Sequence[Boolean], writer: Writer) -> Tex:
    told = (led_by(writer.plain(relation), writer.choices) for relation in relations)
    return words_list([math(writer.shape.inline(relation)) for relation in told]) if relations else Tex("no constraint")
