"""Forks of a job's own process, which know all that the job knows: several questions shared out among them, or one aside.

A question may have a budget of processor time, since what is found may not depend on what else the machine does; nor may it depend
on which fork is asked, or on what that fork was asked before.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import math
import mmap
import multiprocessing
import os
import resource
import signal
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_PATIENCE = 10  # times a budget of processor time: how long an answer is waited for on a machine that is busy otherwise
_NUMBER = 4  # bytes of a question's number where questions wait for a fork that is free

Kind = Literal["statement", "refusal", "rejection", "budget", "memory", "crash", "internal"]


@dataclass(frozen=True)
class Failure:
    """Why a job or a question has no value: whose fault it is, one line that says so, and the traceback of an internal error."""

    kind: Kind
    message: str
    trace: str = ""


@dataclass(frozen=True)
class Question:
    """What a fork is to answer, and within how many seconds of its processor time; None leaves it the budget of the job."""

    answer: Callable[[], bytes]
    seconds: float | None = None


def shared(questions: Sequence[Question], forks: int) -> Iterator[tuple[int, bytes | Failure]]:
    """The answers as they come, each with the place of its question, from so many forks.

    A fork takes the first question that is left, and keeps what it learns on the way. A question that takes it longer than it may is
    its end; another fork goes on with the next.
    """
    left = dict(enumerate(questions))
    with contextlib.ExitStack() as ended, _waiting(len(questions)) as queue:

        def one_more() -> _Fork:
            return ended.enter_context(_forked(queue, questions))

        busy = [one_more() for _ in range(min(len(questions), forks))]
        while busy:
            ready = set(map(id, wait([fork.pipe for fork in busy], _patience(left.values()))))
            for fork in [fork for fork in busy if id(fork.pipe) in ready or not ready]:
                found = fork.heard() if ready else (fork.asked, fork.exhausted())
                if found is not None:
                    left.pop(found[0])
                    yield found
                if found is None or isinstance(found[1], Failure):
                    fork.process.kill()
                    busy.remove(fork)
                    busy += [one_more()] if found is not None else []


@contextlib.contextmanager
def aside(answer: Callable[[], bytes]) -> Iterator[Callable[[], bytes]]:
    """A fork of this process works out the answer while this one goes on; what is given waits for it. It has the job's budget.

    What is given raises RuntimeError where the fork fails. Leaving before the answer is there ends the fork.
    """
    with _waiting(1) as queue, _forked(queue, [Question(answer)]) as fork:

        def waited() -> bytes:
            _, found = fork.heard() or (0, Failure("crash", "the process ended"))
            if isinstance(found, Failure):
                raise RuntimeError(f"{found.message}\n{found.trace}")
            return found

        yield waited


@dataclass(frozen=True)
class _Fork:
    """A fork that answers questions, the pipe on which it does, and memory shared with it that has the place of its question."""

    questions: Sequence[Question]
    process: Any
    pipe: Connection
    place: mmap.mmap

    @property
    def asked(self) -> int:
        """The place of the question that it took last. Raises RuntimeError before the first: the fork is of no use."""
        place = int.from_bytes(self.place[:], "little")
        if place >= len(self.questions):
            raise RuntimeError(f"a fork took no question ({how_it_ended(self.process.exitcode)})")
        return place

    def heard(self) -> tuple[int, bytes | Failure] | None:
        """The next answer and the place of its question, waited for; None where no question was left."""
        try:
            found: tuple[int, bytes | Failure] = self.pipe.recv()
        except EOFError:
            self.process.join()
            code = self.process.exitcode
            failure = self.exhausted() if code == -signal.SIGXCPU else Failure("crash", f"the process ended ({how_it_ended(code)})")
            return (self.asked, failure) if code else None
        return found

    def exhausted(self) -> Failure:
        """That the question took longer than it may."""
        seconds = self.questions[self.asked].seconds
        return Failure("budget", "no answer came" if seconds is None else f"budget of {seconds:g} s exhausted")


def _patience(questions: Iterable[Question]) -> float | None:
    """How long an answer to one of these is waited for."""
    budgets = [question.seconds or math.inf for question in questions]
    longest = max(budgets, default=1.0)
    return None if longest == math.inf else _PATIENCE * longest


@contextlib.contextmanager
def _waiting(count: int) -> Iterator[int]:
    """Where forks read the numbers ``0 ... count - 1``, each read by one of them: the file descriptor of a pipe that is full."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"".join(number.to_bytes(_NUMBER, "little") for number in range(count)))
    finally:
        os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


@contextlib.contextmanager
def _forked(queue: int, questions: Sequence[Question]) -> Iterator[_Fork]:
    """A fork of this process that answers questions of the queue while there are any."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    place = mmap.mmap(-1, _NUMBER)
    place[:] = len(questions).to_bytes(_NUMBER, "little")
    process = context.Process(target=_answer_all, args=(theirs, queue, place, questions))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of the numerical libraries are idle here
        process.start()
    theirs.close()
    try:
        yield _Fork(questions, process, ours, place)
    finally:
        process.kill()
        process.join()
        ours.close()
        place.close()


def _answer_all(pipe: Connection, queue: int, place: mmap.mmap, questions: Sequence[Question]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()
    while number := os.read(queue, _NUMBER):
        place[:] = number
        asked = int.from_bytes(number, "little")
        question = questions[asked]
        _allow(question.seconds)
        try:
            pipe.send((asked, question.answer()))
        except Exception as error:
            pipe.send((asked, Failure("internal", describe(error), traceback.format_exc())))
            return


def _allow(seconds: float | None) -> None:
    """That much processor time from now on, all that the job has if None; the kernel ends this process beyond it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    until = most if seconds is None else math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def die_with_parent() -> None:
    """This process is killed when the one that started it ends, where the kernel can do that."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def how_it_ended(code: int | None) -> str:
    """The end of a process, by its exit code."""
    return f"killed by {signal.Signals(-code).name}" if code is not None and code < 0 else f"exit code {code}"


def describe(error: BaseException) -> str:
    """One line for an error of the engine itself: its type, its text and the innermost line of this package."""
    frames = traceback.extract_tb(error.__traceback__)
    root = str(Path(__file__).resolve().parents[1])
    inside = [frame for frame in frames if frame.filename.startswith(root)] or list(frames)
    where = f" at {Path(inside[-1].filename).name}:{inside[-1].lineno}" if inside else ""
    text = " ".join(str(error).split())[:300]
    return f"internal error: {type(error).__name__}{where}: {text}"
