"""Where best replies meet: the choices at which each is the reply to the others, in closed form and with the proof that none is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sympy import Eq, Expr, Integer, Symbol, false
from sympy.logic.boolalg import Boolean

from derive.algebra.elimination import solve_linear
from derive.algebra.loglinear import all_or_none, log_linear
from derive.algebra.marginal import oriented
from derive.algebra.powers import told_in_powers
from derive.algebra.systems import Root, nonzero, solve_system
from derive.cases import NotMutual
from derive.decision.peak import inside
from derive.decision.problem import Decided, Journal, Optimum, Restriction, relation_at, unique
from derive.errors import Degenerate, Refusal
from derive.field import NotRational, coefficients, derivative, normal
from derive.loglinear import AllOrNone, LogLinear
from derive.placed import normal_at
from derive.play.inturn import Solved, in_turn
from derive.prove import prove, refute
from derive.steps import Stationary

__all__ = ["Meeting", "meetings"]


@dataclass(frozen=True)
class Meeting:
    """Choices that are replies to one another, and the labels of what shows that.

    They are so only where `also` holds of them; what is `implied` by that need not be asked for. Some relations are known to say just what
    others do that stand for them, by `instead`.
    """

    values: tuple[tuple[Symbol, Expr], ...]
    labels: tuple[str, ...]
    also: tuple[Boolean, ...] = ()
    implied: tuple[Boolean, ...] = ()
    instead: tuple[tuple[Boolean, tuple[Boolean, ...]], ...] = ()

    def asked(self, region: tuple[Boolean, ...]) -> tuple[Boolean, ...]:
        """What the region of the replies asks of these choices."""
        told = dict(self.instead)
        relations = (*(relation for relation in region if relation not in self.implied), *self.also)
        return unique(part for relation in relations for part in told.get(relation, (relation,)))


def meetings(
    combination: Sequence[Optimum],
    decisions: Sequence[Decided],
    domain: tuple[Boolean, ...],
    given: tuple[Boolean, ...],
    journal: Journal,
) -> tuple[Meeting, ...]:
    """Every profile at which all of these replies are best at once. Raises Refusal where the equations that say so are not solved."""
    chosen = dict(value for optimum in combination for value in optimum.values)
    labels = tuple(label for optimum in combination for label in optimum.labels)
    moving = _moving(combination, decisions)
    if any(optimum.implicit for optimum in moving):
        found = _by_conditions(combination, decisions, domain, given, labels, journal)
        if found is not None:
            return found
        _apart_from_one_another(combination, decisions)
        _refuse_open(moving, combination, given)
        return (Meeting(tuple(chosen.items()), labels),)
    if not moving:
        return (Meeting(tuple(chosen.items()), labels),)
    try:
        equations, roots = _solved(combination, decisions, chosen, domain)
    except Refusal as refusal:
        found = _of_powers(combination, domain, labels, journal)
        if found is None:
            found = _by_conditions(combination, decisions, domain, given, labels, journal, refusal)
        if found is None:
            raise
        return found
    meeting = []
    for root in roots:
        here = (*domain, *root.apart)
        step = journal.add(Stationary, uses=labels, given=here, equations=equations, values=root.values, trail=root.trail)
        placed = tuple((symbol, oriented(value, given)) for symbol, value in root.values)
        meeting.append(Meeting(placed, (*labels, step.label)))
    return tuple(meeting)


def _solved(
    combination: Sequence[Optimum], decisions: Sequence[Decided], chosen: dict[Symbol, Expr], domain: tuple[Boolean, ...]
) -> tuple[tuple[Expr, ...], tuple[Root, ...]]:
    """The equations that say that all replies are best at once, with their solutions: each choice is the reply to the others, or,
    where these equations are not solved, the conditions from which the replies come vanish."""
    equations = tuple(normal(symbol - value) for symbol, value in chosen.items())
    try:
        return equations, solve_system(equations, tuple(chosen), domain)
    except Refusal:
        given = tuple(
            entry
            for optimum, decision in zip(combination, decisions, strict=True)
            for entry in (
                optimum.conditions
                or _marginals(optimum, decision, domain)
                or (normal(symbol - value) for symbol, value in optimum.values)
            )
        )
        if given == equations or len(given) != len(chosen):
            raise
        try:
            return given, solve_system(given, tuple(chosen), domain)
        except Refusal:
            pass
        raise


def _marginals(optimum: Optimum, decision: Decided, domain: tuple[Boolean, ...]) -> tuple[Expr, ...]:
    """The marginal payoffs of several choices where they vanish at the reply and, linear in these choices with a determinant that is
    not zero, at no other choice; else none."""
    own, values = decision.problem.variables, dict(optimum.values)
    if len(own) < 2 or decision.others or optimum.implicit or optimum.free or set(values) != set(own):
        return ()
    try:
        rates = tuple(derivative(decision.problem.objective, symbol) for symbol in own)
        slopes = [[derivative(rate, symbol) for symbol in own] for rate in rates]
        if any(normal_at(rate, values) != 0 for rate in rates):
            return ()
    except NotRational:
        return ()
    constant = not any(slope.free_symbols & set(own) for row in slopes for slope in row)
    solution = solve_linear(slopes, [Integer(0)] * len(own)) if constant else None
    return rates if solution is not None and nonzero(solution[1], domain) is not None else ()


def _of_powers(
    combination: Sequence[Optimum], domain: tuple[Boolean, ...], labels: tuple[str, ...], journal: Journal
) -> tuple[Meeting, ...] | None:
    """The profiles where the conditions of the replies are equations between two products of powers, apart from those that say what a
    choice is whatever the others do; None where they are not, or what becomes of choices that may vanish is not seen."""
    own = [optimum for optimum in combination if _moves(optimum, combination)]
    fixed = tuple(value for optimum in combination if optimum not in own for value in optimum.values)
    unknowns = tuple(symbol for optimum in own for symbol, _ in optimum.values)
    if not all(optimum.conditions for optimum in own):
        return None
    conditions = tuple(normal_at(entry, dict(fixed)) for optimum in own for entry in optimum.conditions)
    uses = tuple(label for optimum in own for label in optimum.labels)
    found: list[Meeting] = []
    maybe = [unknown for unknown in unknowns if prove(unknown > 0, domain) is None]
    if maybe:
        sides = all_or_none(conditions, unknowns, domain)
        if sides is None or any(prove(unknown >= 0, domain) is None for unknown in unknowns):
            return None
        none = journal.add(
            AllOrNone, uses=uses, given=domain, conditions=conditions, fixed=fixed, unknowns=unknowns, sides=sides
        )
        found.append(Meeting((*fixed, *((unknown, Integer(0)) for unknown in unknowns)), (*labels, none.label)))
    here = unique((*domain, *(unknown > 0 for unknown in unknowns)))
    root = log_linear(conditions, unknowns, here)
    if root is None:
        return None
    step = journal.add(
        LogLinear,
        uses=uses,
        given=here,
        conditions=conditions,
        fixed=fixed,
        unknowns=unknowns,
        equations=root.equations,
        determinant=root.determinant,
        nonzero=root.nonzero,
        weights=root.weights,
        values=root.values,
    )
    values = tuple((unknown, told_in_powers(oriented(value, here), here)) for unknown, value in root.values)
    return (Meeting((*fixed, *values), (*labels, step.label)), *found)


def _by_conditions(
    combination: Sequence[Optimum],
    decisions: Sequence[Decided],
    domain: tuple[Boolean, ...],
    given: tuple[Boolean, ...],
    labels: tuple[str, ...],
    journal: Journal,
    refusal: Refusal | None = None,
) -> tuple[Meeting, ...] | None:
    """The profiles where choices that move with those of others are replies, by the conditions that vanish at these; a reply that is a
    root of its condition is where that is between the bounds."""
    own = [(o, d) for o, d in zip(combination, decisions, strict=True) if o in _moving(combination, decisions)]
    fixed = tuple(value for optimum in combination if optimum not in [o for o, _ in own] for value in optimum.values)
    unknowns = tuple(symbol for _, decision in own for symbol in decision.problem.variables)
    if any(item.symbol not in unknowns for optimum, _ in own for item in optimum.implicit):
        return None
    inner = [(o, d) for o, d in own if len(o.conditions) == 1 and len(d.problem.variables) == 1]
    if any(optimum.implicit and (optimum, decision) not in inner for optimum, decision in own):
        return None
    ways = [tuple(normal_at(entry, dict(fixed)) for pair in own for entry in _stated(*pair, pair in inner))]
    if not any(optimum.implicit for optimum, _ in own):
        told = (item for optimum, _ in own for item in optimum.values if item[0] in unknowns)
        ways.append(tuple(normal_at(symbol - value, dict(fixed)) for symbol, value in told))
    within = [(optimum, _within(optimum, decision, domain)) for optimum, decision in inner]
    also = tuple(relation for _, (relations, _) in within for relation in relations)
    implied = tuple(relation for optimum, (_, strictly) in within if strictly for relation in optimum.between)
    known = unique((*(relation for relation in domain if relation not in implied), *also))
    if _denied(fixed, known, given, labels, journal):
        return ()
    ways = [way for way in ways if len(way) == len(unknowns)]
    try:
        uses = tuple(label for optimum, _ in own for label in optimum.labels)
        payoffs = [normal_at(decision.problem.objective, dict(fixed)) for _, decision in own]
        found = in_turn(ways, payoffs, unknowns, fixed, known, uses, journal)
    except Degenerate:
        if isinstance(refusal, Degenerate):
            return None
        raise
    if found is None:
        return None
    ties = tuple(item for optimum, _ in own for item in optimum.values if item[0] not in unknowns)
    rest = unique(r for o in combination for r in o.region if r not in implied and r.free_symbols & set(unknowns))
    return tuple(
        _met(one, ties, fixed, labels, known, Meeting((), (), also, implied, _instead(one, (*rest, *also), dict(fixed), known)))
        for one in found
    )


def _refuse_open(moving: Sequence[Optimum], combination: Sequence[Optimum], given: tuple[Boolean, ...]) -> None:
    """Raises Refusal where a reply asks of one that is known only as a root more than that it is between its bounds."""
    roots = tuple(item for optimum in moving for item in optimum.implicit)
    between = [one for item in roots for one in (item.symbol > item.low, item.symbol < item.high) if one != True]  # noqa: E712
    for optimum in combination:
        for relation in optimum.region:
            asks = any(item.symbol in relation.free_symbols for item in roots) and relation not in optimum.between
            if asks and prove(relation, (*given, *between)) is None:
                raise Refusal(f"whether {relation} holds is open, as the best choices there are known only as roots")


def _instead(
    solved: Solved, relations: Sequence[Boolean], fixed: dict[Symbol, Expr], known: tuple[Boolean, ...]
) -> tuple[tuple[Boolean, tuple[Boolean, ...]], ...]:
    """What stands for relations between the choices, where the root of an equation need not be put in."""
    found = ((relation, _told(solved, relation, fixed, known)) for relation in relations)
    return tuple((relation, told) for relation, told in found if told is not None)


def _told(
    solved: Solved, relation: Boolean, fixed: dict[Symbol, Expr], known: tuple[Boolean, ...]
) -> tuple[Boolean, ...] | None:
    try:
        return solved.told(relation_at(relation, fixed), known)
    except (NotRational, ZeroDivisionError):
        return None


def _denied(
    fixed: tuple[tuple[Symbol, Expr], ...],
    known: tuple[Boolean, ...],
    given: tuple[Boolean, ...],
    labels: tuple[str, ...],
    journal: Journal,
) -> bool:
    """Whether the choices that are fixed, or where the others lie, contradict what is known; then it is recorded."""
    values = dict(fixed)
    replies = tuple(Eq(symbol, value, evaluate=False) for symbol, value in fixed)
    conditions = tuple(relation for relation in known if relation not in given)
    broken = next((r for r in conditions if r.free_symbols <= set(values) and relation_at(r, values) == false), None)
    if broken is not None:
        replies, conditions = tuple(tie for tie in replies if tie.lhs in broken.free_symbols), (broken,)
    certificate = refute((*given, *conditions, *replies))
    if certificate is not None:
        journal.add(NotMutual, uses=labels, given=given, replies=replies, conditions=conditions, certificate=certificate)
    return certificate is not None


def _met(
    solved: Solved,
    ties: tuple[tuple[Symbol, Expr], ...],
    fixed: tuple[tuple[Symbol, Expr], ...],
    labels: tuple[str, ...],
    known: tuple[Boolean, ...],
    where: Meeting,
) -> Meeting:
    """The meeting at these values, `where` the relations say."""
    at = dict((*fixed, *solved.values))
    values = [(symbol, told_in_powers(oriented(value, known), known)) for symbol, value in solved.values]
    values += [(symbol, normal_at(value, at)) for symbol, value in ties]
    return replace(where, values=(*fixed, *values), labels=(*labels, solved.step.label))


def _stated(optimum: Optimum, decision: Decided, inner: bool) -> tuple[Expr, ...]:
    """What vanishes where a choice is the reply: its condition, or what it differs by."""
    if inner:
        return optimum.conditions
    return tuple(symbol - value for symbol, value in optimum.values if symbol in decision.problem.variables)


def _within(optimum: Optimum, decision: Decided, domain: tuple[Boolean, ...]) -> tuple[tuple[Boolean, ...], bool]:
    """That the root of a condition is between the bounds of its choice, strictly so where it is not at them; and whether it never is."""
    (symbol,), (condition,) = decision.problem.variables, optimum.conditions
    found, strictly = [], True
    for item in (one for one in decision.problem.restrictions if symbol in one.slack.free_symbols):
        (relation,) = inside((item.relation,), symbol)
        if prove(relation, domain) is None and not _apart_from(item, symbol, condition, domain):
            relation, strictly = item.relation, False
        found.append(relation)
    return tuple(found), strictly


def _apart_from(item: Restriction, symbol: Symbol, condition: Expr, domain: tuple[Boolean, ...]) -> bool:
    """Whether a condition does not vanish where the choice is at a bound."""
    parts = coefficients(item.slack, symbol)
    if parts is None or len(parts) != 2:
        return False
    try:
        return nonzero(normal_at(condition, {symbol: normal(-parts[0] / parts[1])}), domain) is not None
    except (NotRational, ZeroDivisionError):
        return False


def _moving(combination: Sequence[Optimum], decisions: Sequence[Decided]) -> list[Optimum]:
    """The replies that depend on what others choose."""
    choices = {symbol for decision in decisions for symbol in decision.problem.variables}
    choices |= {symbol for optimum in combination for symbol, _ in optimum.values}

    def moves(optimum: Optimum) -> bool:
        told = any(value.free_symbols & choices for _, value in optimum.values)
        return told or any(item.equation.free_symbols & choices - {item.symbol} for item in optimum.implicit)

    return [optimum for optimum in combination if moves(optimum)]


def _apart_from_one_another(combination: Sequence[Optimum], decisions: Sequence[Decided]) -> None:
    """A reply known only as a root must not move with a choice that is not fixed by itself. Raises Refusal."""
    roots = {item.symbol for optimum in combination for item in optimum.implicit}
    values = {symbol: value for optimum in combination for symbol, value in optimum.values}
    choices = {symbol for decision in decisions for symbol in decision.problem.variables}
    for item in (item for optimum in combination for item in optimum.implicit):
        moving = (item.equation.free_symbols | item.low.free_symbols | item.high.free_symbols) & choices - {item.symbol}
        for symbol in sorted(moving, key=str):
            if symbol in roots or values.get(symbol, symbol).free_symbols & choices:
                raise Refusal(
                    f"the best {item.symbol} is known only as the root of {item.equation} = 0, which moves with {symbol}, "
                    "and that with it",
                    symbol=str(item.symbol),
                )


def _moves(optimum: Optimum, combination: Sequence[Optimum]) -> bool:
    """Whether a reply depends on what others choose."""
    choices = {symbol for one in combination for symbol, _ in one.values}
    return any(value.free_symbols & choices for _, value in optimum.values)
