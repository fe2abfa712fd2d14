"""``python -m benchmarks.claims [KEY ...]``: which claims take more than a second of processor time, paper by paper.

The claims of a statement are judged in turn in one process that has just derived it, as in a run, with nothing known from earlier
runs. The models are those of ``models/`` (gallery left out), or those named.
"""

from __future__ import annotations

import gc
import sys
import time
from pathlib import Path

from derive.audit.claims import claims_of, judgements_on, setting_of
from derive.ir import Claim
from derive.pipeline import derive_statement
from derive.system import catalogue, load

ROOT = Path(__file__).resolve().parent.parent
SLOW = 1.0
SHARE = 0.9  # of all claims that are to be judged within that time


def seconds(key: str) -> list[tuple[Claim, float]]:
    """The processor time that each claim of a model file takes."""
    found = []
    for statement in load.statements(catalogue.find(ROOT, key)):
        claims = claims_of(statement)
        setting = setting_of(statement, derive_statement(statement)) if claims else None
        gc.freeze()  # as in the process that judges in a run
        for claim in claims:
            assert setting is not None
            began = time.process_time()
            judgements_on(claim, setting)
            found.append((claim, time.process_time() - began))
    return found


def main() -> None:
    """Measure and print."""
    papers = [e.key for e in catalogue.entries(ROOT) if "gallery" not in e.path.parts]
    quick = every = 0
    for key in sys.argv[1:] or papers:
        times = seconds(key)
        slow = sorted(((taken, claim.key) for claim, taken in times if taken > SLOW), reverse=True)
        quick, every = quick + len(times) - len(slow), every + len(times)
        named = f"; longer: {', '.join(f'{name} {taken:.1f} s' for taken, name in slow)}" if slow else ""
        whole = sum(taken for _, taken in times)
        print(f"  {key:<23} {whole:6.2f} s   {len(times) - len(slow)} of {len(times)} claims within {SLOW:g} s{named}")
    print(f"claims within {SLOW:g} s         {quick} of {every}   (target {SHARE:.0%})")


if __name__ == "__main__":
    main()
