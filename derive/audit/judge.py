"""One claim, judged: a verdict in every combination of regimes, and one exact verdict over all of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache, lru_cache, partial
from itertools import product

from sympy import And, Integer, Rational, Symbol, false
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean, BooleanFunction

from derive.audit.assertions import Obligation, among_alike, left_open, obligations, only_provable, under_law, unsolved
from derive.audit.clauses import clauses
from derive.audit.conditions import (
    ALWAYS,
    NEVER,
    Condition,
    Conjunct,
    Never,
    either,
    exact_condition,
    from_boolean,
    meet,
    shorter,
    symbols_of,
)
from derive.audit.judgements import CONDITIONAL, LOST, PROVED, REFUTED, UNDECIDED, VACUOUS, Judgement, Piece
from derive.audit.ranges import ranges
from derive.audit.recall import Question
from derive.audit.setting import Setting
from derive.audit.slopes import moved
from derive.audit.switching import decide_switch, speaks_of_switching
from derive.certificates import Certificate, Conjunction
from derive.errors import Refusal
from derive.ir import Claim
from derive.prove import decide, prove, refute, witness
from derive.prove.api import AT_SIGHT, prove_any
from derive.prove.atoms import has_atoms
from derive.prove.decide import ENGINES, accepted
from derive.prove.decide import counterexample as counterexample_to
from derive.prove.effort import allowance
from derive.prove.extrema import unfolded
from derive.prove.goals import names
from derive.prove.oracle import satisfiable
from derive.prove.points import admissible
from derive.prove.population import inhabited, population
from derive.prove.relations import denial, fixed, flatten, substitute
from derive.prove.space import space
from derive.prove.truth import true_at
from derive.prove.verdicts import HoldsIff, Proved, Refuted, Undecided, Vacuous, Verdict, Witness
from derive.shocks import LawFunction
from derive.tree import free_symbols

WORK_EACH = 15_000
WORK_WITH_POWERS = 4_000  # the rational engines settle these at once or not at all
WORK_ON_OVERLAPS = 1000  # to see that two regimes have no point in common
MOST_INTEGER_POINTS = 48
SMALL_INTEGERS = range(1, 9)
ALIKE = ", of equilibria in which those who are alike choose alike"


def judge(claim: Claim, setting: Setting) -> tuple[Judgement, ...]:
    """The claim in general, and on the values that its source looked at where it names some."""
    if claim.asserts is None:
        return (Judgement("in general", "", LOST, (), claim.needs),)
    posed = cache(partial(obligations, claim, setting))
    alike = ALIKE if among_alike(claim, setting.solutions) else ""
    general = _in_scope(claim, _widest(unsolved(claim, setting.solutions)) + alike, (), setting, posed, {})
    if not claim.window:
        return (general,)
    return general, _in_scope(claim, f"on the paper's values{alike}", claim.window, setting, posed, dict(general.parts))


def _widest(unsolved_ones: Sequence[str]) -> str:
    """The scope of a claim that names no values: all parameters, or those for which all protocols it speaks of are solved."""
    if not unsolved_ones:
        return "in general"
    return f"wherever {' and '.join(unsolved_ones)} {'has' if len(unsolved_ones) == 1 else 'have'} a solution"


def _in_scope(
    claim: Claim,
    scope: str,
    extra: tuple[Boolean, ...],
    setting: Setting,
    posed: Callable[[str], tuple[Obligation, ...]],
    wider: Mapping[Obligation, Piece],
) -> Judgement:
    """Under the general law, if that settles it; else under the claim's named one.

    `wider` are verdicts on the same obligations without the `extra` facts.
    """

    def under(law: str) -> Judgement:
        try:
            window = under_law(claim, dict(dict(setting.named).get(law, ()))).window if extra else ()
            parts = {part.within(window): wider.get(part) for part in posed(law)}
            return _over_all(scope, law, parts, setting, left_open(claim, setting.solutions, extra))
        except Refusal as refusal:
            return Judgement(scope, law, UNDECIDED, (), refusal.message)

    if extra or not claim.instance:
        return under(claim.instance)
    special: Judgement | None = None
    if only_provable(claim, setting.solutions):
        special = under(claim.instance)
        if special.status in (REFUTED, CONDITIONAL):
            return special  # what fails under one law has no proof for all
    general = under("")
    return general if general.status != UNDECIDED else special or under(claim.instance)


def _over_all(scope: str, law: str, parts: Mapping[Obligation, Piece | None], setting: Setting, unsettled: str) -> Judgement:
    """One verdict from those of all obligations; where parameters are left open (`unsettled` says why) only a counterexample counts.

    With each obligation comes the verdict on it without what its window adds, if there is one.
    """
    decided = _decide_all(parts, setting)
    real = [(part, verdict) for part, verdict in decided if not isinstance(verdict, Vacuous)]
    failing = any(counterexample(verdict) is not None for _, verdict in real)
    if unsettled:
        return Judgement(scope, law, REFUTED if failing else UNDECIDED, decided, unsettled)
    if not real:
        return Judgement(scope, law, VACUOUS, decided)
    if all(isinstance(verdict, Proved) for _, verdict in real):
        return Judgement(scope, law, PROVED, decided)
    if not failing:
        return Judgement(scope, law, UNDECIDED, decided)
    inside = [(part, _condition(verdict)) for part, verdict in real]
    known = [(part, condition) for part, condition in inside if condition is not None]
    if len(known) < len(inside) or all(condition == NEVER for _, condition in known):
        return Judgement(scope, law, REFUTED, decided)
    return Judgement(scope, law, CONDITIONAL, decided, condition=_union(known))


def counterexample(verdict: Piece) -> Witness | None:
    """A point at which the claim is false, if the verdict has one."""
    return verdict.witness if isinstance(verdict, Refuted | HoldsIff | Never) else None


def _condition(verdict: Piece) -> Condition | None:
    match verdict:
        case Proved():
            return ALWAYS
        case Never():
            return NEVER
        case HoldsIff():
            return from_boolean(verdict.condition)
        case _:
            return None


def _within(region: Sequence[Boolean]) -> Condition:
    """A region as a condition; relations of it may be alternatives."""
    return (tuple(region),) if all(isinstance(one, Relational) for one in region) else from_boolean(And(*region))


def _outside(region: Sequence[Boolean]) -> Condition:
    """Where a region is not."""
    return tuple(part for one in region for part in _within((~one if isinstance(one, BooleanFunction) else denial(one),)))


def _union(pieces: Sequence[tuple[Obligation, Condition]]) -> Condition:
    """Where the claim holds in every regime that applies: for disjoint regimes, in one of them with its condition."""
    shared = [fact for fact in pieces[0][0].given if all(fact in part.given for part, _ in pieces[1:])]
    common = tuple(fact for fact in shared if not all(fact in part.region for part, _ in pieces))
    whole: Condition = NEVER
    for part, inside in pieces:
        here = meet(_within(part.region), inside)
        for other, theirs in pieces:
            if other is not part and part.overlapping and _contradiction((*common, *part.region, *other.region)) is None:
                here = meet(here, either(theirs, _outside(other.region)))
        whole = either(whole, here)
    return _short(whole, common)


def _short(condition: Condition, given: tuple[Boolean, ...]) -> Condition:
    """The same condition with the numbers that are given put in; on one parameter, as ranges of it."""
    numbers = fixed(given)
    if numbers:
        facts = flatten(substitute(fact, numbers) for fact in given)
        given = tuple(fact for fact in facts if free_symbols(fact))
        condition = either(NEVER, tuple(part for part in map(partial(_at_numbers, numbers), condition) if part is not None))
    found = ranges(condition, given)
    return shorter(condition, given) if found is None else found


def _at_numbers(numbers: dict[Symbol, Rational], part: Conjunct) -> Conjunct | None:
    """The relations of a member that are left when numbers are put in; None where one of them is false."""
    put_in = dict.fromkeys(substitute(one, numbers) for one in part)
    decided = {one: true_at(one, space(()), ()) for one in put_in if not free_symbols(one)}
    return None if False in decided.values() else tuple(one for one in put_in if decided.get(one) is not True)


# --- one combination of regimes ----------------------------------------------------------------------------------------------


def _decide_all(parts: Mapping[Obligation, Piece | None], setting: Setting) -> tuple[tuple[Obligation, Piece], ...]:
    """Decide the obligations in turn, as far as they can still change the verdict on the claim.

    Where one of them has no exact condition, only a counterexample elsewhere is worth looking for; where the claim is then false
    somewhere, nothing is.
    """
    found: list[tuple[Obligation, Piece]] = []
    unknown = failing = False
    switching = any(speaks_of_switching(part.asserts) for part in parts)
    live = 0
    for part, wider in parts.items():
        if unknown and failing and not switching:
            break
        verdict = _carried(part, wider, setting.integers) or _settled(part, setting, unknown)
        live += not isinstance(verdict, Vacuous)
        if verdict is None:
            continue
        found.append((part, verdict))
        if isinstance(verdict, Vacuous):
            continue
        unknown = unknown or _condition(verdict) is None
        failing = failing or counterexample(verdict) is not None
    if live > 1 and switching:
        raise Refusal("a single change of sign along a path through several regimes is not judged")
    return tuple(found)


def _carried(part: Obligation, wider: Piece | None, integers: frozenset[Symbol]) -> Piece | None:
    """What is so everywhere without the facts of the window is so with them, if there is a point with all of them."""
    match wider:
        case Vacuous():
            return wider
        case Proved() if not speaks_of_switching(part.asserts):  # where it switches is another question for each set of values
            return wider if admissible(flatten(part.given)) else None
        case Never():
            point = witness(part.given)
            against = None if point is None else tuple(sorted(point.items(), key=lambda item: item[0].name))
            found = None if against is None else _honest(part, clauses(part.asserts), replace(wider, witness=against), integers)
            return found if isinstance(found, Never) else None
        case _:
            return None


def _settled(part: Obligation, setting: Setting, against_only: bool) -> Piece | None:
    """What was found out about an obligation before, or now: of one that matters only if it fails, a counterexample or None."""

    def search() -> Piece | None:
        empty = _contradiction(part.apart) or (_contradiction(part.given) if part.scope else None)
        if empty is not None:
            return Vacuous(certificate=empty)
        return _falsified(part, setting.integers) if against_only else _decide(part, setting.integers)

    asserts = part.asserts if speaks_of_switching(part.asserts) else clauses(part.asserts)
    kinds = ("hidden", part.hidden), ("whole", setting.integers)
    marks = tuple(f"{kind} {symbol}" for kind, symbols in kinds for symbol in sorted(symbols, key=str))
    return setting.recall.answer(Question(asserts, part.given, (*marks, *(["against"] if against_only else []))), search)


def _decide(part: Obligation, integers: frozenset[Symbol]) -> Piece:
    if speaks_of_switching(part.asserts):
        roots = [one.root for one in part.roots]
        return decide_switch(
            part.asserts,
            part.given,
            refutable=not _made_up(part),
            unsteady=lambda parameter: (moved(parameter, roots) | part.hidden) - {parameter},
            integers=integers,
        )
    asserts = clauses(part.asserts)
    work = WORK_WITH_POWERS if has_atoms(unfolded(asserts)) else WORK_EACH
    if _made_up(part) or any(one.root.equation.has(LawFunction) for one in part.roots):  # no point would speak against it
        proof = accepted(_proof_by_members(asserts, part, work // 2))
        open_ = Undecided(obligation=asserts, tried=ENGINES, smt="unknown")
        return Proved(proof) if proof is not None else _false_at_roots(asserts, part, integers) or open_
    verdict: Piece = _nowhere(asserts, part.given) or decide(asserts, part.given, work=work, depth=1)
    if isinstance(verdict, Undecided):
        verdict = _false_at_roots(asserts, part, integers) or verdict
    against = counterexample(verdict)
    if isinstance(verdict, Refuted) or (isinstance(verdict, HoldsIff) and _hides(part, from_boolean(verdict.condition))):
        exact = exact_condition(asserts, part.given, against or ())
        verdict = exact if exact is not None else Refuted(against or ())
    if isinstance(verdict, HoldsIff) and _hides(part, from_boolean(verdict.condition)):
        verdict = Refuted(against or ())
    return _honest(part, asserts, verdict, integers)


def _proof_by_members(asserts: Boolean, part: Obligation, work: int) -> Certificate | None:
    """A proof, of the members of a conjunction each from what is known of the roots in it."""
    if not isinstance(asserts, And):
        return prove(asserts, part.known_for(asserts), work=work, splits=1)
    proofs: list[Certificate] = []
    for member in asserts.args:
        proof = _proof_by_members(member, part, work)
        if proof is None:
            return None
        proofs.append(proof)
    return Conjunction(claim=asserts, given=part.given, parts=tuple(proofs))


def _nowhere(asserts: Boolean, given: tuple[Boolean, ...]) -> Never | None:
    """That the claim holds at no point, where none is known at which it does and the proof is at hand."""
    flat, symbols = flatten((*given, asserts)), names((*given, asserts))
    if any(map(has_atoms, flat)) or population(given, symbols).holds(asserts).any() or admissible(flat):
        return None
    proof = accepted(refute(flat, work=AT_SIGHT, splits=0))
    against = counterexample_to(asserts, given) if proof is not None else None
    return None if proof is None or against is None else Never(replace(proof, given=(*given, asserts)), against)


def _false_at_roots(asserts: Boolean, part: Obligation, integers: frozenset[Symbol]) -> Never | None:
    """That the claim fails wherever the roots are that it speaks of, of whatever law; with parameters for which there are such."""
    unknown = part.hidden.union(one.root.symbol for one in part.roots)
    plain = tuple(fact for fact in part.given if not (free_symbols(fact) & unknown or fact.has(LawFunction)))
    if not (part.roots or _made_up(part)) or not set(part.scope) <= set(plain):
        return None
    point = witness(plain)
    if point is None or not all(point[symbol].is_Integer for symbol in integers & set(point)):
        return None
    proof = accepted(refute((*part.known_for(asserts), asserts), work=WORK_ON_OVERLAPS, splits=0))
    at = tuple(sorted(point.items(), key=lambda item: item[0].name))
    return None if proof is None else Never(replace(proof, given=(*part.given, asserts)), at)


def _hides(part: Obligation, condition: Condition) -> bool:
    return bool(symbols_of(condition) & part.hidden)


def _honest(part: Obligation, asserts: Boolean, verdict: Piece, integers: frozenset[Symbol]) -> Piece:
    """No counterexample with a value that the game does not admit: a fraction of a firm, a slope nobody computed."""
    against = counterexample(verdict)
    if against is None or (isinstance(verdict, Never) and part.roots):
        return verdict
    if not _admitted(part, against, integers):
        other = _integer_point((*part.given, _deny(asserts)), integers) if not _made_up(part) else None
        if other is None:
            return Undecided(obligation=asserts, tried=("counterexamples with admissible values",), smt="unknown")
        assert isinstance(verdict, Refuted | HoldsIff | Never)
        return replace(verdict, witness=other)
    return verdict


def _made_up(part: Obligation) -> bool:
    """Whether a counterexample would have to give a value to a quantity that the parameters fix in an unknown way."""
    return any(str(symbol).startswith("N_") for symbol in part.hidden)


def _admitted(part: Obligation, point: Witness, integers: frozenset[Symbol]) -> bool:
    return not _made_up(part) and all(value.is_Integer for symbol, value in point if symbol in integers)


def _deny(claim: Boolean) -> Boolean:
    return clauses(~claim) if not hasattr(claim, "lhs") else denial(claim)


def _integer_point(given: tuple[Boolean, ...], integers: frozenset[Symbol]) -> Witness | None:
    spoken = sorted((s for s in integers if any(s in free_symbols(r) for r in given)), key=lambda s: s.name)
    tried = sorted(product(SMALL_INTEGERS, repeat=len(spoken)), key=lambda values: (sum(values), values))
    for values in tried[:MOST_INTEGER_POINTS]:
        chosen = {symbol: Integer(value) for symbol, value in zip(spoken, values, strict=True)}
        point = witness([substitute(relation, chosen) for relation in given])
        if point is not None:
            return tuple(sorted({**point, **chosen}.items(), key=lambda item: item[0].name))
    return None


@lru_cache(maxsize=1024)
def _contradiction(given: tuple[Boolean, ...]) -> Certificate | None:
    """Claims about the same protocols share their regimes' regions, so the empty combinations are found once."""
    flat = flatten(given)
    if inhabited(flat):
        return None
    at_sight = None if any(map(has_atoms, given)) else accepted(prove_any(false, given, allowance(AT_SIGHT, 0)))
    if at_sight is not None or admissible(flat):
        return at_sight
    return accepted(refute(given, splits=0) or (refute(given, work=WORK_ON_OVERLAPS) if satisfiable(given) is False else None))


def _falsified(part: Obligation, integers: frozenset[Symbol]) -> Verdict | None:
    if speaks_of_switching(part.asserts) or _made_up(part):
        return None
    asserts = clauses(part.asserts)
    for claim in asserts.args if isinstance(asserts, And) else (asserts,):
        point = witness((*part.given, _deny(claim)))
        if point is not None:
            against = tuple(sorted(point.items(), key=lambda item: str(item[0])))
            verdict = _honest(part, asserts, Refuted(against), integers)
            return verdict if isinstance(verdict, Refuted) else None
    return None
