"""``python -m benchmarks.derive [KEY ...]``: time of the algebra, of whole runs and of the evaluators, beside their targets.

The derivation of a model, from its statement to its regimes, is algebra (expectations, first-order conditions, solving, putting
best responses in, shaping values) and proving (second order, uniqueness, which cases are empty, that regimes cover): the search
for certificates. Both are processor time in one process after the imports, told apart by a clock that runs while the derivation
waits for an answer of the prover; the checker has no part in either. Medians of a few runs in processes of their own, like all
figures here but those of whole runs. The models are those of ``models/`` (gallery left out), or those named.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from derive.system import catalogue

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

IMPORT = "import time; start = time.process_time(); import sympy; print(time.process_time() - start)"

ALGEBRA = """
import json, sys, time
import derive.prove
from derive.prove import oracle, points

spent, within = 0.0, 0

def timed(function):
    def answer(*arguments, **options):
        global spent, within
        began, within = time.process_time(), within + 1
        try:
            return function(*arguments, **options)
        finally:
            within -= 1
            spent += time.process_time() - began if not within else 0.0
    return answer

for module, names in ((derive.prove, ("prove", "refute", "decide", "witness")), (oracle, ("satisfiable",)), (points, ("admissible",))):
    for name in names:
        setattr(module, name, timed(getattr(module, name)))

from derive import pipeline
from derive.system.catalogue import find, home

passes = tuple(one for one in pipeline.SOLVING if one.name != "check")
told = {}
for key in sys.argv[1:]:
    spent, began = 0.0, time.process_time()
    pipeline.derive_entry(lambda _: None, find(home(), key), 0, passes=passes)
    told[key] = (time.process_time() - began - spent, spent)
print(json.dumps(told))
"""


RUNS = 3


def imported() -> float:
    """Seconds that the import of SymPy takes."""
    return median(float(_run("-c", IMPORT).stdout) for _ in range(RUNS))


def derived(keys: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Seconds of algebra and of proving for each model."""
    runs = [json.loads(_run("-c", ALGEBRA, *keys).stdout) for _ in range(RUNS)]
    return {key: (median(run[key][0] for run in runs), median(run[key][1] for run in runs)) for key in keys}


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    run = subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, check=False
    )  # fmt: skip
    if run.returncode:
        raise SystemExit(run.stderr)
    return run


def whole_run(root: Path, command: str = "derive") -> float:
    """Seconds of one ``python -m derive COMMAND`` below `root`."""
    began = time.perf_counter()
    words = [sys.executable, "-m", "derive", command, "--root", str(root)]
    run = subprocess.run(words, cwd=ROOT, env=ENVIRONMENT, capture_output=True, check=False)
    if run.returncode == 2:
        raise SystemExit(run.stderr.decode())
    return time.perf_counter() - began


def main() -> None:
    """Measure and print."""
    papers = [e.key for e in catalogue.entries(ROOT) if "gallery" not in e.path.parts]
    keys = sys.argv[1:] or papers
    one, told = imported(), derived(keys)
    algebra, proving = (sum(times[place] for times in told.values()) for place in (0, 1))
    print(f"import sympy              {one:6.2f} s")
    print(f"algebra of {len(keys)} models      {algebra:6.2f} s   ({algebra / one:.2f} imports of sympy, target 2)")
    print(f"proving beside it         {proving:6.2f} s")
    for key, times in told.items():
        print(f"  {key:<23} {times[0]:6.2f} s   of algebra, {times[1]:.2f} s of proving")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for key in keys:
            shutil.copytree(catalogue.find(ROOT, key).path.parent, root / "models" / key)
        cold = whole_run(root)
        again = min(whole_run(root) for _ in range(3))
        replayed = min(whole_run(root, "replay") for _ in range(3))
        for key in keys:
            with (root / "models" / key / "model.py").open("a", encoding="utf-8") as file:
                file.write("# one line more\n")
        edited = whole_run(root)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"cold derive               {cold:6.2f} s   (target 20)")
    print(f"after an edit elsewhere   {edited:6.2f} s   (what is solved and judged is kept)")
    print(f"certificates replayed     {replayed:6.2f} s   (target 10)")
    print(f"rerun, nothing changed    {again:6.2f} s   (target 0.5)")
    print(f"peak memory of a process  {peak:6.0f} MB  (target 1000)")
    print(_run("-m", "benchmarks.protocols", *keys).stdout.rstrip())


if __name__ == "__main__":
    main()
