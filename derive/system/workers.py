"""The only home of process isolation: each job runs in a child process with a time budget and a memory limit.

Children are forked from a server that has already imported the engine, so that a job costs a fork and not an import of SymPy.
A job that hangs, runs out of memory, crashes or raises ends as a `Failure` that names it; the other jobs go on. What a job has
worked out by forks of its own is in `derive.system.forks`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import multiprocessing
import os
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from derive.errors import Refusal, Rejection, StatementError
from derive.system.forks import Failure, Kind, describe, die_with_parent, how_it_ended

MEGABYTE = 1 << 20
# So many new objects between two searches for circles of them, so many searches between two among the older ones: SymPy's trees
# have none, and a job ends before what it leaves is much.
_COLLECTED_AFTER = (20_000, 20, 100)
_YIELDING = 3  # by how much the last jobs yield

Report = Callable[[str], None]
@dataclass(frozen=True)
class Job:
    """``target`` is ``"module:function"``; it is called as ``function(report, *arguments)`` and returns plain data.

    ``report(text)`` tells the parent which stage begins.
    """

    name: str
    target: str
    arguments: tuple[object, ...] = ()


@dataclass(frozen=True)
class Limits:
    """What one job may use."""

    seconds: float = 120.0
    megabytes: int = 3072


@dataclass(frozen=True)
class Outcome:
    """What became of a job: a value or a failure, and how long it took."""

    name: str
    seconds: float
    value: Any = None
    failure: Failure | None = None


@dataclass
class _Running:
    job: Job
    process: Any
    pipe: Connection
    started: float
    stage: str = "start"


def run(
    jobs: Sequence[Job],
    limits: Limits,
    workers: int = 2,
    watch: Callable[[str, str], None] | None = None,
    preload: Sequence[str] = (),
) -> Iterator[Outcome]:
    """Run the jobs in children, at most `workers` at a time, and yield each outcome as it comes.

    The last ones that have to wait, which should be the shortest, let those that run still have the processor first, so that no
    core is idle in the end.
    ``watch(name, stage)`` hears of every stage that a job reports. `preload` are modules that every child needs. Leaving the
    iteration early (an exception, Ctrl-C) kills what still runs.
    """
    if not jobs:
        return
    hear = watch or (lambda *_: None)
    context = _context(tuple(preload))
    waiting, running = list(jobs), []  # type: ignore[var-annotated]
    last = {id(job) for job in jobs[max(1, workers) :][-workers:]}
    try:
        while waiting or running:
            while waiting and len(running) < max(1, workers):
                job = waiting.pop(0)
                try:
                    running.append(_start(context, job, limits, _YIELDING if id(job) in last else 0))
                except (EOFError, OSError) as error:
                    message = f"model {job.name}: no process could be started ({type(error).__name__}: {error})"
                    yield Outcome(job.name, 0.0, failure=Failure("crash", message))
            for one in _ready(running, limits) if running else ():
                outcome = _hear(one, limits, hear)
                if outcome is not None:
                    running.remove(one)
                    _end(one)
                    yield outcome
    finally:
        for one in running:
            _end(one)


def _context(preload: tuple[str, ...]) -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(preload))
    # The server and all that it forks inherit both: an interrupt is for this process alone.
    with _environment(), _interrupts_ignored():
        from multiprocessing.forkserver import ensure_running

        ensure_running()
    return context


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """Where children find the engine, and SymPy's caches without a bound: a job ends before they are large, and so do they."""
    root = str(Path(__file__).resolve().parents[2])
    before = dict(os.environ)
    os.environ["PYTHONPATH"] = os.pathsep.join([root, *filter(None, [before.get("PYTHONPATH")])])
    os.environ.setdefault("SYMPY_CACHE_SIZE", "None")
    try:
        yield
    finally:
        for name in ("PYTHONPATH", "SYMPY_CACHE_SIZE"):
            if name in before:
                os.environ[name] = before[name]
            else:
                del os.environ[name]


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Where handlers of signals can be changed: in the main thread."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _start(context: Any, job: Job, limits: Limits, yields: int) -> _Running:
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_child, args=(theirs, job, limits, yields), name=job.name)
    process.start()
    theirs.close()
    return _Running(job, process, ours, time.monotonic())


def _ready(running: list[_Running], limits: Limits) -> list[_Running]:
    """Those that said something, ended, or are beyond their budget."""
    now = time.monotonic()
    nearest = min(one.started + limits.seconds for one in running)
    handles: list[Any] = [handle for one in running for handle in (one.pipe, one.process.sentinel)]
    awake = set(map(id, wait(handles, max(0.0, nearest - now))))
    late = time.monotonic()
    return [
        one
        for one in running
        if id(one.pipe) in awake or one.process.exitcode is not None or late - one.started >= limits.seconds
    ]


def _hear(one: _Running, limits: Limits, watch: Callable[[str, str], None]) -> Outcome | None:
    def failed(kind: Kind, message: str, trace: str = "") -> Outcome:
        return Outcome(one.job.name, time.monotonic() - one.started, failure=Failure(kind, message, trace))

    try:
        while one.pipe.poll():
            said, content = one.pipe.recv()
            if said == "stage":
                one.stage = content
                watch(one.job.name, content)
            elif said == "value":
                return Outcome(one.job.name, time.monotonic() - one.started, value=content)
            else:
                return failed(*content)
    except (EOFError, OSError):
        one.process.join(1)
        return failed("crash", f"model {one.job.name}: the process ended during {one.stage} ({how_it_ended(one.process.exitcode)})")
    if time.monotonic() - one.started >= limits.seconds:
        return failed("budget", f"model {one.job.name}: killed during {one.stage}: beyond its budget of {limits.seconds:g} s")
    return None


def _end(one: _Running) -> None:
    """Kill the child with whatever it started; harmless when it has ended."""
    if one.process.exitcode is None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(one.process.pid, signal.SIGKILL)
        one.process.kill()
    one.process.join()
    one.pipe.close()


# --- in the child --------------------------------------------------------------------------------------------------


def _child(pipe: Connection, job: Job, limits: Limits, yields: int) -> None:
    os.setsid()
    if yields:
        _yield_processor(yields)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent()
    ceiling = limits.megabytes * MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    spare_collection()
    pipe.send(_answer(job, limits, lambda text: pipe.send(("stage", text))))


def spare_collection() -> None:
    """What is there already stays, and of what is to come little goes: looking through it again and again would take time, and in a
    fork copy its pages."""
    gc.freeze()
    gc.set_threshold(*_COLLECTED_AFTER)


def _yield_processor(by: int) -> None:
    """This session lets others go first; where the kernel shares the processor out among sessions, it has to be told of the session."""
    os.nice(by)
    with contextlib.suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(by), encoding="utf-8")


def _answer(job: Job, limits: Limits, report: Report) -> tuple[str, object]:
    try:
        module, function = job.target.split(":")
        return "value", getattr(importlib.import_module(module), function)(report, *job.arguments)
    except StatementError as error:
        return "failure", ("statement", str(error.located(model=job.name)))
    except Refusal as error:
        return "failure", ("refusal", str(error.located(model=job.name)))
    except Rejection as error:
        return "failure", ("rejection", str(error.located(model=job.name)))
    except MemoryError:
        return "failure", ("memory", f"model {job.name}: needs more than {limits.megabytes} MB of memory")
    except Exception as error:
        return "failure", ("internal", f"model {job.name}: {describe(error)}", traceback.format_exc())


def cpu_workers() -> int:
    """How many processes may compute at once here."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
