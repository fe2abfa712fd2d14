"""Questions put to forks of this process: each answered once, a budget for each, and nothing lost with a fork that ends."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from derive.system import forks
from derive.system.forks import Failure, Question, aside, shared


def answered(count: int, answer: Callable[[int], bytes], seconds: float | None = 20.0, forks: int = 2) -> dict[int, bytes | Failure]:
    found = list(shared([Question(partial(answer, number), seconds) for number in range(count)], forks))
    assert sorted(number for number, _ in found) == list(range(count))
    return dict(found)


@pytest.mark.parametrize("among", [1, 2, 5])
def test_every_question_is_answered_once(among: int) -> None:
    assert answered(40, lambda number: bytes([number]), forks=among) == {number: bytes([number]) for number in range(40)}


def test_nothing_is_found_where_nothing_is_asked() -> None:
    assert answered(0, lambda _: b"") == {}


def test_two_forks_work_at_the_same_time(tmp_path: Path) -> None:
    def met(number: int) -> bytes:  # comes to its end only if the other question is being answered meanwhile
        (tmp_path / str(number)).touch()
        while not (tmp_path / str(1 - number)).exists():
            time.sleep(0.01)
        return b"met"

    assert answered(2, met) == {0: b"met", 1: b"met"}


@pytest.mark.parametrize("among", [1, 2])
def test_a_question_beyond_its_budget_costs_no_other_its_answer(among: int) -> None:
    def answer(number: int) -> bytes:
        while number == 1:
            pass
        return b"done"

    found = answered(6, answer, 1.0, among)
    assert found.pop(1) == Failure("budget", "budget of 1 s exhausted")
    assert set(found.values()) == {b"done"}


def test_a_question_without_a_budget_has_more_than_the_one_before_it() -> None:
    def busy() -> bytes:
        began = time.process_time()
        while time.process_time() - began < 2.5:
            pass
        return b"done"

    assert dict(shared([Question(lambda: b"first", 1.0), Question(busy)], 1)) == {0: b"first", 1: b"done"}


def test_a_question_that_waits_for_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forks, "_PATIENCE", 1)
    found = answered(2, lambda number: time.sleep(60 * number) or b"done", 1.0)  # type: ignore[func-returns-value]
    assert found == {0: b"done", 1: Failure("budget", "budget of 1 s exhausted")}


def test_a_fork_that_is_killed_is_told_with_its_question() -> None:
    def answer(number: int) -> bytes:
        if number == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return b"done"

    found = answered(4, answer, None)
    assert found.pop(2) == Failure("crash", "the process ended (killed by SIGKILL)")
    assert set(found.values()) == {b"done"}


def test_a_fault_is_told_with_its_trace_and_the_rest_is_answered() -> None:
    def answer(number: int) -> bytes:
        if number == 0:
            raise ArithmeticError("a fault of the engine")
        return b"done"

    found = answered(3, answer)
    failure = found.pop(0)
    assert isinstance(failure, Failure)
    assert failure.kind == "internal"
    assert "test_forks.py" in failure.trace
    assert set(found.values()) == {b"done"}


def test_an_answer_is_worked_out_aside_while_this_process_goes_on(tmp_path: Path) -> None:
    mark = tmp_path / "mark"

    def answer() -> bytes:
        while not mark.exists():  # comes to its end only if the process that asked goes on meanwhile
            time.sleep(0.01)
        return b"done"

    with aside(answer) as waited:
        mark.touch()
        assert waited() == b"done"


def test_what_fails_aside_is_told_with_its_trace() -> None:
    def answer() -> bytes:
        raise ArithmeticError("a fault of the engine")

    with aside(answer) as waited, pytest.raises(RuntimeError, match=r"(?s)a fault of the engine.*test_forks.py"):
        waited()


def test_nobody_waits_for_what_is_worked_out_aside_when_the_asker_fails() -> None:
    started = time.monotonic()
    with pytest.raises(KeyError), aside(lambda: time.sleep(60) or b""):
        raise KeyError
    assert time.monotonic() - started < 10
