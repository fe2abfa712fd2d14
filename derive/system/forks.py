"""Forks of a job's own process, which know all that the job knows: several questions shared out among them, or one aside.

Each question has a budget of processor time, since what is found may not depend on what else the machine does; nor may it depend on
which fork is asked, or on what that fork was asked before.
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
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Literal

_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG
_PATIENCE = 10  # times a budget of processor time: how long an answer is waited for on a machine that is busy otherwise
_NUMBER = 4  # bytes of a question's number where questions wait for a fork that is free

Kind = Literal["statement", "refusal", "rejection", "budget", "memory", "crash", "internal"]
Answer = Callable[[int], bytes]


@dataclass(frozen=True)
class Failure:
    """Why a job or a question has no value: whose fault it is, one line that says so, and the traceback of an internal error."""

    kind: Kind
    message: str
    trace: str = ""


def shared(count: int, answer: Answer, seconds: float, forks: int) -> Iterator[tuple[int, bytes | Failure]]:
    """The answers to the questions ``0 ... count - 1`` as they come, each with its number, from so many forks.

    A fork takes the next question that is left, and keeps what it learns on the way. A question that takes it more than `seconds`
    of processor time is its end; another fork goes on with the next question.
    """
    with contextlib.ExitStack() as ended, _waiting(count) as queue:

        def one_more() -> _Fork:
            return ended.enter_context(_forked(queue, answer, seconds))

        busy = [one_more() for _ in range(min(count, forks))]
        while busy:
            ready = wait([fork.pipe for fork in busy], _PATIENCE * seconds)
            for fork in [fork for fork in busy if fork.pipe in ready or not ready]:
                found = fork.heard(seconds) if ready else (fork.asked, _exhausted(seconds))
                if found is not None:
                    if found[0] < 0:
                        raise RuntimeError(f"no fork could be started: {found[1]!r}")
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
    with _waiting(1) as queue, _forked(queue, lambda _: answer(), None) as fork:

        def waited() -> bytes:
            _, found = fork.heard(math.inf) or (0, Failure("crash", "the process ended"))
            if isinstance(found, Failure):
                raise RuntimeError(f"{found.message}\n{found.trace}")
            return found

        yield waited


@dataclass(frozen=True)
class _Fork:
    """A fork that answers questions, the pipe on which it does, and memory shared with it that has the number of its question."""

    process: Any
    pipe: Connection
    place: mmap.mmap

    @property
    def asked(self) -> int:
        """The number of the question that it took last, -1 before the first."""
        return int.from_bytes(self.place[:], "little") - 1

    def heard(self, seconds: float) -> tuple[int, bytes | Failure] | None:
        """The next answer and its number, waited for; None where no question was left."""
        try:
            number, found = self.pipe.recv()
        except EOFError:
            self.process.join()
            code = self.process.exitcode
            failure = Failure("crash", f"the process ended ({how_it_ended(code)})")
            return (self.asked, _exhausted(seconds) if code == -signal.SIGXCPU else failure) if code else None
        return number, found


@contextlib.contextmanager
def _waiting(count: int) -> Iterator[int]:
    """Where forks read the numbers ``0 ... count - 1``, each read by one of them: the file descriptor of a pipe that is full."""
    reading, writing = os.pipe()
    try:
        os.write(writing, b"".join(number.to_bytes(_NUMBER, "little") for number in range(1, count + 1)))
    finally:
        os.close(writing)
    try:
        yield reading
    finally:
        os.close(reading)


@contextlib.contextmanager
def _forked(queue: int, answer: Answer, seconds: float | None) -> Iterator[_Fork]:
    """A fork of this process that answers questions of the queue while there are any."""
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    place = mmap.mmap(-1, _NUMBER)
    process = context.Process(target=_answer_all, args=(theirs, queue, place, answer, seconds))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of threads: those of the numerical libraries are idle here
        process.start()
    theirs.close()
    try:
        yield _Fork(process, ours, place)
    finally:
        process.kill()
        process.join()
        ours.close()
        place.close()


def _answer_all(pipe: Connection, queue: int, place: mmap.mmap, answer: Answer, seconds: float | None) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    gc.freeze()
    while number := os.read(queue, _NUMBER):
        place[:] = number
        asked = int.from_bytes(number, "little") - 1
        if seconds is not None:
            _allow(seconds)
        try:
            pipe.send((asked, answer(asked)))
        except Exception as error:
            pipe.send((asked, Failure("internal", describe(error), traceback.format_exc())))
            return


def _allow(seconds: float) -> None:
    """That much processor time from now on; the kernel ends this process beyond it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until, (_, most) = math.ceil(used.ru_utime + used.ru_stime + seconds), resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (until if most == resource.RLIM_INFINITY else min(until, most), most))


def _exhausted(seconds: float) -> Failure:
    return Failure("budget", f"budget of {seconds:g} s exhausted")


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
