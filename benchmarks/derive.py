"""``python -m benchmarks.derive [KEY ...]``: time of the algebra, of whole runs and of the evaluators, beside their targets.

Every figure is the best of a few runs in processes of their own. The models are those of ``models/`` (gallery left out), or
those named.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from derive.system import catalogue

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

IMPORT = "import time; start = time.process_time(); import sympy; print(time.process_time() - start)"

ALGEBRA = """
import sys, time
from derive import pipeline
from derive.system.catalogue import find, home
passes = tuple(one for one in pipeline.SOLVING if one.name != "check")
start = time.process_time()
for key in sys.argv[1:]:
    began = time.process_time()
    pipeline.derive_entry(lambda _: None, find(home(), key), 0, passes=passes)
    print(key, time.process_time() - began, file=sys.stderr)
print(time.process_time() - start)
"""


def measured(program: str, *arguments: str, repeat: int = 3) -> float:
    """The least figure that the program prints over some runs."""
    return min(float(_run("-c", program, *arguments).stdout) for _ in range(repeat))


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
    imported = measured(IMPORT)
    algebra = measured(ALGEBRA, *keys)
    print(f"import sympy              {imported:6.2f} s")
    print(f"algebra of {len(keys)} models      {algebra:6.2f} s   ({algebra / imported:.2f} imports of sympy, target 2)")
    print(_run("-c", ALGEBRA, *keys).stderr.rstrip())
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
    print(f"after an edit elsewhere   {edited:6.2f} s   (verdicts replayed, not searched)")
    print(f"certificates replayed     {replayed:6.2f} s   (target 10)")
    print(f"rerun, nothing changed    {again:6.2f} s   (target 0.5)")
    print(f"peak memory of a process  {peak:6.0f} MB  (target 1000)")
    print(_run("-m", "benchmarks.protocols", *keys).stdout.rstrip())


if __name__ == "__main__":
    main()
