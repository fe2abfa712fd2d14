"""``python -m benchmarks.derive [KEY ...]``: time of the algebra, of whole runs and of the evaluators, beside their targets.

The derivation of a model, from its statement to its solutions, is algebra and proving. Proving is every question to the prover that
has a yes or no for an answer (second order, uniqueness, signs of factors, which cases are empty, that regimes cover) with the search
for certificates, witnesses and the solver's opinions behind it, and is told apart by a clock that runs while the derivation waits
for an answer. Algebra is all the rest: statements validated, expectations, first-order conditions, systems solved, best responses put
in, values shaped, worths of coalitions and their solutions; not the import of modules, the reading of the model file, or the checker.
Both are processor time in one process, cold: nothing of an earlier run is used. Medians of a few runs in processes of their own, like all
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
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "SYMPY_CACHE_SIZE": "None"}  # as the children of a run have it

IMPORT = "import time; start = time.process_time(); import sympy; print(time.process_time() - start)"

ALGEBRA = """
import json, sys, time
import derive.prove
from derive.check import coalition_built
from derive.prove import oracle
from derive.prove.partition import Partition

asked, checked, within = 0.0, 0.0, 0

def timed(function, checker=False):
    def answer(*arguments, **options):
        global asked, checked, within
        began, within = time.process_time(), within + 1
        try:
            return function(*arguments, **options)
        finally:
            within -= 1
            passed = time.process_time() - began if not within else 0.0
            asked, checked = (asked, checked + passed) if checker else (asked + passed, checked)
    return answer

for name in ("prove", "refute", "required", "plausible", "independent", "decide", "witness"):
    setattr(derive.prove, name, timed(getattr(derive.prove, name)))
for name in ("covered", "disjoint"):
    setattr(Partition, name, timed(getattr(Partition, name)))
oracle.satisfiable = timed(oracle.satisfiable)
coalition_built.verify_worths = timed(coalition_built.verify_worths, checker=True)

from derive import pipeline
from derive.system import load
from derive.system.catalogue import find, home
from derive.system.workers import spare_collection

import z3, scipy.optimize
import derive.coalition.properties, derive.coalition.stable, derive.coalition.tau

passes = tuple(one for one in pipeline.SOLVING if one.name != "check")
entries = {key: find(home(), key) for key in sys.argv[1:]}
stated = {key: tuple(load.statements(entry)) for key, entry in entries.items()}
load.statements = lambda entry: stated[entry.key]
spare_collection()  # as in the children of a run
told = {}
for key, entry in entries.items():
    asked, checked, began = 0.0, 0.0, time.process_time()
    pipeline.derive_entry(lambda _: None, entry, 0, passes=passes)
    told[key] = (time.process_time() - began - asked - checked, asked)
print(json.dumps(told))
"""


RUNS = 3


def imported() -> float:
    """Seconds that the import of SymPy takes."""
    return median(float(_run("-c", IMPORT).stdout) for _ in range(RUNS))


def derived(keys: Sequence[str]) -> dict[str, tuple[float, float]]:
    """Seconds of algebra and of proving for each model, in the same process one after the other."""
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
    print(_run("-m", "benchmarks.claims", *keys).stdout.rstrip())


if __name__ == "__main__":
    main()
