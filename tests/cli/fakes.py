"""Jobs for the tests of process isolation: each does one thing that a derivation may do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

from derive.errors import Refusal, StatementError

Report = Callable[[str], None]


def double(report: Report, number: int) -> int:
    report("doubling")
    return 2 * number


def yielding(_: Report) -> int:
    return os.nice(0)


def sleep(report: Report, seconds: float) -> str:
    report("sleeping")
    time.sleep(seconds)
    return "slept"


def spin(report: Report) -> None:
    report("spinning")
    while True:
        pass


def grandchild(report: Report, path: str) -> None:
    report("with a child of its own")
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    with open(path, "w", encoding="utf-8") as file:
        file.write(str(child.pid))
    time.sleep(60)


def memory(_: Report) -> int:
    return len(bytearray(8 << 30))


def crash(report: Report) -> None:
    report("crashing")
    os.kill(os.getpid(), signal.SIGSEGV)


def recurse(_: Report) -> None:
    def down(depth: int) -> int:
        return down(depth + 1)

    down(0)


def refuse(_: Report) -> None:
    raise Refusal("the objective is unbounded", protocol="C", symbol="p")


def misstate(_: Report) -> None:
    raise StatementError("is used and not declared", player="R", symbol="p")


def fail(_: Report) -> None:
    raise ValueError("a fault\nof the engine")
