"""Live progress: on a terminal one line per running model that changes in place, elsewhere one plain line per event."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, field
from typing import TextIO

_CLEAR_TO_END = "\x1b[J"


@dataclass
class Progress:
    """Tells a reader which model is in which stage. Lines go to `stream`, results stay, running models are redrawn."""

    stream: TextIO = field(default_factory=lambda: sys.stderr)
    total: int = 0
    quiet: bool = False
    _running: dict[str, tuple[str, float]] = field(default_factory=dict)
    _drawn: int = 0
    _done: int = 0

    def stage(self, name: str, stage: str) -> None:
        """The model `name` enters `stage`."""
        _, started = self._running.get(name, ("", time.monotonic()))
        self._running[name] = (stage, started)
        if not self._live:
            self._plain(f"{name}: {stage}")
        self._draw()

    def done(self, name: str, result: str) -> None:
        """The model `name` is finished; `result` says how, in a few words."""
        _, started = self._running.pop(name, ("", time.monotonic()))
        self._done += 1
        count = f"[{self._done}/{self.total}] " if self.total else ""
        self.note(f"{count}{name}: {result} ({time.monotonic() - started:.1f} s)")

    def note(self, line: str) -> None:
        """A line that stays."""
        self._erase()
        self._plain(line)
        self._draw()

    def close(self) -> None:
        """Remove what is drawn of running models."""
        self._running.clear()
        self._erase()

    @property
    def _live(self) -> bool:
        return self.stream.isatty()

    def _plain(self, line: str) -> None:
        if not self.quiet:
            print(line, file=self.stream, flush=True)

    def _erase(self) -> None:
        if self._drawn:
            self.stream.write(f"\x1b[{self._drawn}F{_CLEAR_TO_END}")
            self._drawn = 0

    def _draw(self) -> None:
        if self.quiet or not self._live:
            return
        self._erase()
        now = time.monotonic()
        for name, (stage, started) in self._running.items():
            line = f"  {name}: {stage} ({now - started:.0f} s)"
            self.stream.write(line[:100] + "\n")
        self._drawn = len(self._running)
        self.stream.flush()
