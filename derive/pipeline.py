"""From a statement to its outputs: every pass, in order, with the reason it stands where it does.

A pass takes what is known so far and returns it with one thing more. Importing this module imports SymPy and the engine; the
command line does so only in the processes that compute.
"""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import singledispatch
from typing import Any

from derive.auctions import Auction, DoubleAuction, derive_auction, derive_double_auction
from derive.audit import claims
from derive.audit.explore import NOTHING, Exploration, explore
from derive.audit.parcel import pack, unpack
from derive.audit.recall import FORGETFUL, Recall
from derive.audit.replayed import replayed
from derive.bargaining import BargainingProblem, derive_bargaining
from derive.check.auctions import verify_solutions as verify_auction
from derive.check.bargaining import verify_solutions as verify_bargaining
from derive.check.coalition import verify_solutions as verify_coalition
from derive.check.coalition_built import verify_worths
from derive.check.double_auctions import verify_solutions as verify_double_auction
from derive.check.repeated import verify_solutions as verify_repeated
from derive.check.screening import verify_solutions as verify_screening
from derive.check.solution import check_solution
from derive.check.summary import argument_data, report_data
from derive.coalition import CoalitionGame, derive_coalition
from derive.coalition.built import built
from derive.content import NOTHING_KEPT, Kept, protocol_part, solved_part
from derive.contracts import Screening, derive_screening
from derive.errors import Refusal, Rejection, StatementError
from derive.ir import Model
from derive.play.induction import derive_model
from derive.repeated import RepeatedGame, derive_repeated
from derive.solution import Solution
from derive.statement.validate import validate
from derive.system import load
from derive.system.catalogue import Entry
from derive.system.forks import aside
from derive.system.store import Result, Shelf, prover_digest
from derive.views.argument import arguments
from derive.views.audit import audit_texts
from derive.views.certificates import certificates_text
from derive.views.latex import latex_texts, source_numbers
from derive.views.python import python_module
from derive.views.text import solution_data

Files = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Work:
    """One statement and what the passes so far established about it.

    `kept` has results of earlier runs; `accepted` are the solutions among them, by protocol and instance, that were checked then.
    """

    statement: load.Statement
    warnings: tuple[str, ...] = ()
    solutions: tuple[Solution, ...] = ()
    contradicted: tuple[str, ...] = ()
    audit: Any = None
    exploration: Exploration = NOTHING
    points: int = 0
    bibliography: str = ""
    recall: Recall = FORGETFUL
    kept: Kept = NOTHING_KEPT
    accepted: frozenset[tuple[str, str]] = frozenset()
    files: Files = ()
    checked: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True)
class Pass:
    """A pass, its name as progress shows it, and why it stands where it stands."""

    name: str
    apply: Callable[[Work], Work]
    reason: str


@singledispatch
def derive_statement(statement: object) -> tuple[Solution, ...]:
    """Every solution of a statement, by its kind. Raises Refusal with the true reason where there is none to be given."""
    raise StatementError(f"a {type(statement).__name__} is not a statement")


derive_statement.register(Model)(derive_model)
derive_statement.register(CoalitionGame)(derive_coalition)
derive_statement.register(RepeatedGame)(derive_repeated)
derive_statement.register(BargainingProblem)(derive_bargaining)
derive_statement.register(Screening)(derive_screening)
derive_statement.register(Auction)(derive_auction)
derive_statement.register(DoubleAuction)(derive_double_auction)


@dataclass(frozen=True)
class Examined:
    """What the checker rejects, one line each, and what it did for each solution, as plain data."""

    faults: tuple[str, ...]
    told: tuple[dict[str, Any], ...]


@singledispatch
def examine(statement: object, solutions: tuple[Solution, ...], points: int) -> Examined:
    """What the independent checker makes of the solutions of a statement."""
    return Examined(verify_statement(statement, solutions, points), tuple(map(argument_data, solutions)))


@examine.register
def _(model: Model, solutions: tuple[Solution, ...], points: int) -> Examined:
    # Those under a named law first: where a general law stands for it, its deviations have been searched already.
    order = sorted(range(len(solutions)), key=lambda place: not solutions[place].instance)
    found = {place: check_solution(model, solutions[place], points) for place in order}
    reports = [(solution, found[place]) for place, solution in enumerate(solutions)]
    faults = (f"protocol {solution.protocol}: {failure}" for solution, report in reports for failure in report.failures)
    return Examined(tuple(faults), tuple(report_data(solution, report) for solution, report in reports))


@singledispatch
def verify_statement(statement: object, _solutions: tuple[Solution, ...], _points: int) -> tuple[str, ...]:
    """What the independent checker rejects, one line each. A model's equilibria are attacked numerically."""
    raise StatementError(f"a {type(statement).__name__} is not a statement")


@verify_statement.register
def _(model: Model, solutions: tuple[Solution, ...], points: int) -> tuple[str, ...]:
    return examine(model, solutions, points).faults


@verify_statement.register
def _(game: CoalitionGame, solutions: tuple[Solution, ...], points: int) -> tuple[str, ...]:
    return verify_coalition(game, solutions, points)


@verify_statement.register
def _(game: RepeatedGame, solutions: tuple[Solution, ...], points: int) -> tuple[str, ...]:
    return verify_repeated(game, solutions, points)


@verify_statement.register
def _(problem: BargainingProblem, solutions: tuple[Solution, ...], points: int) -> tuple[str, ...]:
    return verify_bargaining(problem, solutions, points)


@verify_statement.register
def _(problem: Screening, solutions: tuple[Solution, ...], points: int) -> tuple[str, ...]:
    return verify_screening(problem, solutions, points)


@verify_statement.register
def _(auction: Auction, solutions: tuple[Solution, ...], points: int) -> tuple[str, ...]:
    return verify_auction(auction, solutions, points)


@verify_statement.register
def _(auction: DoubleAuction, solutions: tuple[Solution, ...], points: int) -> tuple[str, ...]:
    return verify_double_auction(auction, solutions, points)


def _validate(work: Work) -> Work:
    validate(work.statement)
    return work


def _derive(work: Work) -> Work:
    known = {(one.protocol, one.instance): one for _, part in _parts(work) for one in work.kept.get("solutions", part) or ()}
    solutions = _solutions(work.statement, known)
    if not any(solution.regimes for solution in solutions):
        raise _without_answer(solutions[0])
    return replace(work, solutions=solutions, accepted=frozenset(known))


def _solutions(statement: load.Statement, known: Mapping[tuple[str, str], Solution]) -> tuple[Solution, ...]:
    if isinstance(statement, Model):
        return derive_model(statement, known)
    return tuple(known.values()) or derive_statement(statement)


def _parts(work: Work) -> tuple[tuple[tuple[Solution, ...], Any], ...]:
    """The parts of the statement that are solved apart, protocols of a model, with the solutions of each as far as they are known."""
    if not isinstance(work.statement, Model):
        return ((work.solutions, solved_part(work.statement)),)
    return tuple(
        (tuple(one for one in work.solutions if one.protocol == protocol.key), protocol_part(work.statement, protocol))
        for protocol in work.statement.protocols
    )


def _without_answer(solution: Solution) -> Refusal:
    """Why nothing is reported for any parameters: the reason that the first protocol has."""
    told = dict.fromkeys(f"{gap.kind.value}: {gap.reason}" for gap in solution.gaps)
    return Refusal("; ".join(told), model=solution.model, protocol=solution.protocol)


def _check(work: Work) -> Work:
    fresh = tuple(one for one in work.solutions if (one.protocol, one.instance) not in work.accepted)
    found = examine(work.statement, fresh, work.points) if fresh else Examined((), ())
    if found.faults:
        raise Rejection(f"the checker does not accept the derivation: {'; '.join(found.faults)}", model=work.statement.key)
    for solutions, part in _parts(work):
        if all(one.regimes for one in solutions) and not set(solutions).isdisjoint(fresh):
            work.kept.put(solutions, "solutions", part)
    return replace(work, checked=found.told)


def _audit(work: Work) -> Work:
    """Claims are judged, and what nobody asked is looked at, by the same forks of this process: neither needs the other."""
    about = work.kept.about(solved_part(work.statement))
    found: Exploration | None = about.get("exploration")
    errands = () if found is not None else (lambda: pack(replayed(explore(work.statement, work.solutions, work.recall))),)
    audit, explored = claims.audit_beside(errands, work.statement, work.solutions, recall=work.recall, kept=about)
    if found is None:
        found = unpack(explored[0])
        about.put(found, "exploration")
    warnings = (*work.warnings, *found.refused)
    return replace(work, audit=audit, contradicted=claims.unexplained(audit), exploration=found, warnings=warnings)


def _answer(work: Work) -> Work:
    return replace(work, files=_answers(work))


def _explain(work: Work) -> Work:
    told = json.dumps(arguments(work.statement, work.solutions), ensure_ascii=False)
    return replace(work, files=(("argument.json", told),))


def _write(work: Work) -> Work:
    """The evidence is written by a fork of this process, beside the document and the evaluators: only these find faults of a statement."""
    package = f'"""{work.statement.key}: the evaluator of its derivation."""\n\nfrom .evaluator import *  # noqa: F403\n'
    numbers = source_numbers(getattr(work.statement, "printed", ()), work.audit.comparisons)
    with aside(lambda: pickle.dumps(_evidence(work))) as written:
        document, fragment = latex_texts(work.statement, work.solutions, numbers, work.bibliography, work.exploration)
        answers = _answers(work)
        evidence: Files = pickle.loads(written())
    documents = (("__init__.py", package), ("proof.tex", document), ("fragment.tex", fragment))
    return replace(work, files=(*documents, *evidence, *answers))


def _evidence(work: Work) -> Files:
    report, data = audit_texts(work.audit, work.exploration, work.solutions)
    certificates = certificates_text(work.solutions, work.audit, work.exploration)
    return (("audit.md", report), ("audit.json", data), ("certificates.json", certificates))


def _answers(work: Work) -> Files:
    data = [solution_data(solution) for solution in work.solutions]
    return (
        ("evaluator.py", python_module(work.statement, work.solutions, work.bibliography)),
        ("solution.json", json.dumps(data, indent=1, ensure_ascii=False) + "\n"),
    )


SOLVING: tuple[Pass, ...] = (
    Pass("validate", _validate, "an ill-posed statement is refused in its own words before anything is computed"),
    Pass(
        "derive",
        _derive,
        "per protocol: expectations and risk are lowered to deterministic payoffs, then backward induction solves the last "
        "stage first, and every optimality, uniqueness and coverage obligation is proved where it arises",
    ),
    Pass("check", _check, "re-verified from the statement alone, by code that never saw the solver, before anyone uses it"),
)

PASSES: tuple[Pass, ...] = (
    *SOLVING,
    Pass(
        "audit",
        _audit,
        "claims and printed results are judged against solutions that have been checked; beside them what nobody asked: the "
        "response of every value to every parameter, and the protocols compared",
    ),
    Pass("write", _write, "all outputs are views of the same solutions and steps, so they cannot disagree"),
)

ANSWERING: tuple[Pass, ...] = (
    *SOLVING,
    Pass("answer", _answer, "whoever asks for the regimes or a figure need not wait for the audit"),
)

EXPLAINING: tuple[Pass, ...] = (
    *SOLVING,
    Pass("explain", _explain, "the argument of each protocol by itself, for a reader without TeX"),
)


def work_through(
    statement: load.Statement,
    points: int,
    report: Callable[[str], None] = lambda _: None,
    bibliography: str = "",
    passes: tuple[Pass, ...] = PASSES,
    recall: Recall = FORGETFUL,
    kept: Kept = NOTHING_KEPT,
) -> Work:
    """Apply every one of `passes` to a statement; equilibria are attacked at `points` points. Raises StatementError, Refusal, Rejection.

    `bibliography` is BibTeX text in which the statement's source may be a key; `recall` has verdicts of earlier audits, `kept` what
    was solved and judged before of parts that are the same.
    """
    work = Work(statement, points=points, bibliography=bibliography, recall=recall, kept=kept)
    for step in passes:
        report(step.name)
        work = step.apply(work)
    return work


def _with_worths(statement: load.Statement, model: Work | None, kept: Kept) -> load.Statement:
    """A game whose coalitions play protocols of the model beside it, with the worths that the solved protocols give them."""
    if not isinstance(statement, CoalitionGame) or not statement.plays:
        return statement
    if model is None or not isinstance(model.statement, Model):
        return built(statement, None, ())
    about = kept.about(statement, solved_part(model.statement))
    known: CoalitionGame | None = about.get("worths")
    if known is not None:
        return known
    game = built(statement, model.statement, model.solutions)
    faults = verify_worths(statement, game, model.statement, model.solutions)
    if faults:
        raise Rejection(f"the checker does not accept the worths: {'; '.join(faults)}", model=statement.key)
    about.put(game, "worths")
    return game


def answer_entry(report: Callable[[str], None], entry: Entry, points: int, shelf: Shelf | None = None) -> Result:
    """The solutions and evaluators of a model alone, in a fraction of the time."""
    return derive_entry(report, entry, points, shelf, ANSWERING)


def explain_entry(report: Callable[[str], None], entry: Entry, points: int, shelf: Shelf | None = None) -> Result:
    """The arguments of a model's protocols as plain text."""
    return derive_entry(report, entry, points, shelf, EXPLAINING)


def derive_entry(
    report: Callable[[str], None],
    entry: Entry,
    points: int,
    shelf: Shelf | None = None,
    passes: tuple[Pass, ...] = PASSES,
) -> Result:
    """Load a model and work through all passes; plain data out. This is what runs in a child process.

    A file that states both a `model` and a `game` has the outputs of the second in a folder of its own, ``game``. The coalitions
    of the game may play protocols of the model. Verdicts of earlier audits stand on the `shelf`.
    """
    report("load")
    recall = Recall(shelf.folder, prover_digest(), shelf.reading) if shelf is not None else FORGETFUL
    kept = Kept(shelf.drawer) if shelf is not None else NOTHING_KEPT
    beside = entry.path.parent / "references.bib"
    bibliography = beside.read_text(encoding="utf-8") if beside.is_file() else ""
    files: dict[str, str] = {}
    notes: list[str] = []
    contradicted: list[str] = []
    refused: list[str] = []
    checked: list[dict[str, Any]] = []
    model: Work | None = None
    for number, statement in enumerate(load.statements(entry)):
        try:
            work = work_through(_with_worths(statement, model, kept), points, report, bibliography, passes, recall, kept)
            model = work if isinstance(statement, Model) else model
        except (StatementError, Refusal, Rejection) as error:
            raise error.located(file=load.shown(entry.path), model=entry.key) from None
        files |= {("game/" if number else "") + name: text for name, text in work.files}
        notes += [f"model {entry.key}, {warning}" for warning in work.warnings]
        notes += [f"model {entry.key}, protocol {s.protocol}: {warning}" for s in work.solutions for warning in s.warnings]
        contradicted += work.contradicted
        checked += work.checked
        refused += [gap.reason for s in work.solutions if s.refused for gap in s.gaps]
    if shelf is not None:
        shelf.drawer.tidy()
    return Result(files, tuple(notes), tuple(contradicted), refused=tuple(refused), checked=tuple(checked))
