"""Every way a derivation can end is told by name, and the other derivations go on."""

from __future__ import annotations

import contextlib
import os
import time
from pathlib import Path

import pytest

from derive.system import workers
from derive.system.workers import Job, Limits, Outcome

HERE = "tests.cli.fakes"


def outcomes(*jobs: Job, seconds: float = 20.0, watch: object = None) -> dict[str, Outcome]:
    found = workers.run(jobs, Limits(seconds, 2048), 2, watch, (HERE,))  # type: ignore[arg-type]
    return {outcome.name: outcome for outcome in found}


def job(name: str, function: str, *arguments: object) -> Job:
    return Job(name, f"{HERE}:{function}", arguments)


def test_values_come_back_by_name_and_stages_are_heard() -> None:
    heard: list[tuple[str, str]] = []
    found = outcomes(*(job(f"j{n}", "double", n) for n in range(5)), watch=lambda name, stage: heard.append((name, stage)))
    assert {name: outcome.value for name, outcome in found.items()} == {f"j{n}": 2 * n for n in range(5)}
    assert {name for name, stage in heard if stage == "doubling"} == set(found)


@pytest.mark.parametrize(
    ("function", "kind", "words"),
    [
        ("memory", "memory", ["2048 MB"]),
        ("crash", "crash", ["crashing", "SIGSEGV"]),
        ("recurse", "internal", ["RecursionError"]),
        ("refuse", "refusal", ["protocol C", "symbol p", "unbounded"]),
        ("misstate", "statement", ["player R", "symbol p", "not declared"]),
        ("fail", "internal", ["ValueError", "a fault of the engine"]),
    ],
)
def test_each_end_is_told_in_one_line_and_the_rest_goes_on(function: str, kind: str, words: list[str]) -> None:
    found = outcomes(job("bad", function), job("good", "double", 4))
    assert found["good"].value == 8
    failure = found["bad"].failure
    assert failure is not None
    assert failure.kind == kind
    assert "\n" not in failure.message
    for word in ["model bad", *words]:
        assert word in failure.message


def test_a_job_beyond_its_budget_is_killed_and_named_with_its_stage() -> None:
    started = time.monotonic()
    found = outcomes(job("slow", "spin"), job("good", "double", 1), seconds=1.0)
    assert time.monotonic() - started < 10
    assert found["good"].value == 2
    failure = found["slow"].failure
    assert failure is not None
    assert failure.kind == "budget"
    assert "model slow" in failure.message
    assert "spinning" in failure.message


def test_the_last_jobs_yield_to_those_that_run_still() -> None:
    found = outcomes(*(job(f"j{n}", "yielding") for n in range(5)))
    usual = os.nice(0)
    assert [found[f"j{n}"].value > usual for n in range(5)] == [False, False, False, True, True]


def test_jobs_that_start_at_once_do_not_yield() -> None:
    assert outcomes(job("alone", "yielding"))["alone"].value == os.nice(0)


def test_what_a_killed_job_started_is_killed_with_it(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    found = outcomes(job("parent", "grandchild", str(note)), seconds=3.0)
    assert found["parent"].failure is not None
    assert _gone(int(note.read_text("utf-8")))


def test_leaving_early_leaves_nothing_running() -> None:
    running = workers.run([job("a", "double", 1), job("b", "sleep", 60.0)], Limits(120.0, 2048), 2, None, (HERE,))
    assert next(running).name == "a"
    started = time.monotonic()
    running.close()  # type: ignore[attr-defined]
    assert time.monotonic() - started < 5


def _gone(pid: int) -> bool:
    for _ in range(50):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        with contextlib.suppress(OSError):
            if Path(f"/proc/{pid}/stat").read_text("utf-8").rsplit(")", 1)[1].split()[0] == "Z":
                return True
        time.sleep(0.1)
    return False
