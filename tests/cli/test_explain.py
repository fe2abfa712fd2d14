"""The argument on a terminal: every kind of step in a sentence, no line too wide, nothing said twice."""

from __future__ import annotations

import re
from dataclasses import fields

import pytest
from sympy import Eq

from derive import pipeline
from derive.ir import symbols
from derive.play.induction import derive_protocol
from derive.solution import Solution
from derive.steps import kinds
from derive.views.argument import WIDTH, argument_lines
from derive.views.relations import relation_text
from derive.views.says import FIELDS, SAYS
from derive.views.text import solution_data
from tests.latex import fixtures


def _words(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


@pytest.mark.parametrize("kind", [kind for kind in kinds() if kind.__module__.startswith("derive.")], ids=lambda kind: kind.__name__)
def test_every_kind_of_step_says_something_with_fields_that_it_has(kind: type) -> None:
    names = {field.name for field in fields(kind)}
    assert set(re.findall(r"\{(\w+)\}", SAYS[_words(kind.__name__)])) <= names
    assert set(FIELDS.get(_words(kind.__name__), {})) <= names | {"objective", "variable", "certificate", "certificates", "positive",
                                                                  "core", "slope"}  # fmt: skip


def test_nothing_is_said_of_kinds_that_there_are_not() -> None:
    assert pipeline.PASSES, "which imports every vocabulary"
    assert set(SAYS) == {_words(kind.__name__) for kind in kinds() if kind.__module__.startswith("derive.")}
    assert set(FIELDS) <= set(SAYS)


@pytest.fixture(scope="module")
def told() -> list[str]:
    chain = fixtures.CHAIN
    solution: Solution = derive_protocol(chain, chain.protocols[0])
    return argument_lines(solution_data(solution))


def test_no_line_is_too_wide(told: list[str]) -> None:
    assert max(map(len, told)) <= WIDTH


def test_the_argument_goes_from_what_is_known_to_the_answer(told: list[str]) -> None:
    text = "\n".join(told)
    order = [text.index(part) for part in ("Throughout: ", "Lemma", "Stage 2", "Stage 1", "Equilibrium", "The answer:")]
    assert order == sorted(order)


def test_what_holds_throughout_is_not_said_again(told: list[str]) -> None:
    known = re.search(r"Throughout: (.*?)\.\n\n", "\n".join(told), re.DOTALL)
    assert known is not None
    facts = re.split(r",\s+|\s+and\s+", known[1])
    rest = "\n".join(told).partition("\n\n")[2].partition("\n\n")[2]
    places = re.findall(r"^ +(?:where|In all of it) (.*)$", rest, re.MULTILINE)
    assert not any(fact in re.split(r", | and ", part.rstrip(".")) for fact in facts for part in places)


@pytest.mark.parametrize("word", ["certificate:", "factors)", "True", "False", "None", "eliminated", "abstracted"])
def test_no_name_of_a_class_or_value_of_the_program_is_seen(told: list[str], word: str) -> None:
    assert not any(word in line for line in told)


def test_a_sign_before_a_whole_side_is_turned() -> None:
    a, b, c = symbols("a b c")
    assert relation_text(-(a * b) / c <= 0) == "a*b/c >= 0"
    assert relation_text(Eq(-a * b, 0, evaluate=False)) == "a*b = 0"
    assert relation_text(a - b <= 0) == "a - b <= 0"
