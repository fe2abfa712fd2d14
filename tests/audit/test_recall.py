"""Verdicts from disk: found again without a search, and never believed unless the checker accepts them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sympy import Gt, Lt, Rational, Symbol, true

from derive.audit.conditions import Never, exact_condition
from derive.audit.recall import Found, Question, Recall
from derive.certificates import Assumed
from derive.ir import symbols
from derive.prooftext import texts, values_of
from derive.prove import HoldsIff, Proved, Refuted, Undecided, Vacuous, decide
from derive.prove.verdicts import Verdict

x, y = symbols("x y")
GIVEN = (x > 0, y > 0)
QUESTIONS: list[tuple[type, Question]] = [
    (Proved, Question(x * y + 1 > 0, GIVEN)),
    (Vacuous, Question(x > 3, (*GIVEN, x + y < 0))),
    (Refuted, Question(x**2 + y**2 > 3 * x * y + 1, GIVEN)),
    (HoldsIff, Question(x > y, GIVEN)),
    (Never, Question(x + y < 0, GIVEN)),
]


def _never() -> Found:
    raise AssertionError("searched")


def _found(question: Question) -> Verdict | Never:
    if question == QUESTIONS[2][1]:
        return Refuted(((x, Rational(1)), (y, Rational(1))))
    found = decide(question.asserts, question.given)
    exact = exact_condition(question.asserts, question.given, found.witness) if isinstance(found, Refuted) else None
    return exact if isinstance(exact, Never) else found


@pytest.mark.parametrize(("kind", "question"), QUESTIONS, ids=lambda value: getattr(value, "__name__", ""))
def test_a_verdict_is_found_again_without_a_search(tmp_path: Path, kind: type, question: Question) -> None:
    found = Recall(tmp_path, "1").answer(question, lambda: _found(question))
    assert isinstance(found, kind)
    assert Recall(tmp_path, "1").answer(question, _never) == found
    turned = Question(question.asserts, tuple(Lt(f.rhs, f.lhs) if isinstance(f, Gt) else f for f in reversed(question.given)))
    assert turned.digest() == question.digest()


@pytest.mark.parametrize(
    "other",
    [
        Recall(Path(), "2"),
        Recall(Path(), "1", reading=False),
    ],
    ids=["another prover", "fresh"],
)
def test_what_another_prover_found_or_a_fresh_start_is_searched_anew(tmp_path: Path, other: Recall) -> None:
    _, question = QUESTIONS[0]
    Recall(tmp_path, "1").answer(question, lambda: _found(question))
    with pytest.raises(AssertionError, match="searched"):
        Recall(tmp_path, other.version, other.reading).answer(question, _never)


def test_that_nothing_was_found_is_kept_as_well(tmp_path: Path) -> None:
    question = Question(x > y, GIVEN, ("against",))
    assert Recall(tmp_path, "1").answer(question, lambda: None) is None
    assert Recall(tmp_path, "1").answer(question, _never) is None
    open_one = Undecided(x > y, ("nothing",), "unknown")
    other = Question(x > y, GIVEN)
    Recall(tmp_path, "1").answer(other, lambda: open_one)
    assert Recall(tmp_path, "1").answer(other, _never) == open_one


def _assumed(claim: Any, *given: Any) -> Assumed:
    return Assumed(claim=claim, given=given, fact=claim)


Q = QUESTIONS[3][1]
FORGERIES: list[tuple[str, Question, Found]] = [
    ("a proof that the checker rejects", Q, Proved(_assumed(x > y, *GIVEN))),
    ("a proof of something else", Q, Proved(_assumed(x > 0, *GIVEN))),
    ("a proof from more than is given", Q, Proved(_assumed(x > y, *GIVEN, x > y))),
    ("a contradiction that is none", Q, Vacuous(_assumed(x > y, x > y))),
    ("a counterexample at which the claim holds", Q, Refuted(((x, Rational(2)), (y, Rational(1))))),
    ("a counterexample that is not admissible", Q, Refuted(((x, Rational(-2)), (y, Rational(1))))),
    (
        "a condition that is too weak",
        Q,
        HoldsIff(x > 0, _assumed(x > y, *GIVEN), _assumed(x > 0, *GIVEN), ((x, Rational(1)), (y, Rational(2)))),
    ),
    ("a claim said to fail throughout", Q, Never(_assumed(x > y, x > y), None)),
]


@pytest.mark.parametrize(("question", "forged"), [f[1:] for f in FORGERIES], ids=[f[0] for f in FORGERIES])
def test_forged_entries_are_refused_and_searched_anew(tmp_path: Path, question: Question, forged: Found) -> None:
    true_one = Recall(tmp_path, "1").answer(question, lambda: _found(question))
    (path,) = tmp_path.glob("*/*.json")
    path.write_text(_text(forged), "utf-8")
    assert Recall(tmp_path, "1").answer(question, lambda: _found(question)) == true_one
    assert Recall(tmp_path, "1").answer(question, _never) == true_one


def _text(found: Any) -> str:
    """An entry as a forger would write it."""
    proofs = {
        Proved: lambda: [found.certificate],
        Vacuous: lambda: [found.certificate],
        Never: lambda: [found.certificate],
        Refuted: list,
        HoldsIff: lambda: [found.condition, found.sufficient, found.necessary],
    }[type(found)]()
    told = {"witness": [[s.name, str(v)] for s, v in found.witness]} if getattr(found, "witness", None) else {}
    return json.dumps({"kind": type(found).__name__, "parts": texts(proofs), **told})


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"kind": "Proved", "parts": "{}"}', '{"kind": "Open", "parts": "[]"}'])
def test_damaged_entries_are_searched_anew(tmp_path: Path, text: str) -> None:
    _, question = QUESTIONS[0]
    found = Recall(tmp_path, "1").answer(question, lambda: _found(question))
    (path,) = tmp_path.glob("*/*.json")
    path.write_text(text, "utf-8")
    assert Recall(tmp_path, "1").answer(question, lambda: _found(question)) == found


def test_texts_of_several_values_share_their_parts() -> None:
    values = (x > y, _assumed(x > y, x > y), x + y, true)
    assert values_of(texts(values)) == values
    assert texts(values).count('"symbol"') == len({Symbol("x"), Symbol("y")})
