"""The sample of pseudopeople: a simulated town as five offices of a country write it down.

The package brings pandas and much else in versions of its own, so it gets an environment of its
own, where `simulants.py` writes the records once. Only the tax forms and the Social Security have
a number of the person; the rest is names, birth dates and addresses with the default noise.
"""

import json
import subprocess
import sys
from pathlib import Path

from tests.evaluation.dataset import DataMissingError, DataSet

PACKAGE = "pseudopeople==1.3.1"
SEED, YEAR = 1, 2020
DATA = Path(".bench") / "pseudopeople"
RECORDS, TRUTH = DATA / "records.ndjson", DATA / "truth.json"
INSTALL_S, GENERATE_S = 1200, 600


def pseudopeople() -> DataSet:
    """The records, made at the first call.

    Raises:
        DataMissingError
    """
    if not TRUTH.exists():
        python = _environment()
        # -P: not from beside the script, where a module has the package's name.
        script = Path(__file__).with_name("simulants.py")
        _run([python, "-P", str(script), str(DATA), str(SEED), str(YEAR)], GENERATE_S)
    with RECORDS.open(encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines]
    return DataSet("pseudopeople", records, json.loads(TRUTH.read_text(encoding="utf-8")))


def _environment() -> str:
    """The Python that has the package."""
    folder, mark = DATA / "venv", DATA / "installed"
    python = str(folder / "bin" / "python")
    if not mark.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        _run([sys.executable, "-m", "venv", str(folder)], INSTALL_S)
        _run([python, "-m", "pip", "install", "--quiet", PACKAGE], INSTALL_S)
        mark.write_text(PACKAGE, encoding="utf-8")
    return python


def _run(command: list[str], seconds: int) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=seconds)
    except subprocess.CalledProcessError as problem:
        said = (problem.stderr or "").strip().splitlines() or ["it said nothing"]
        raise DataMissingError(f"{' '.join(command[:5])} failed: {said[-1]}") from problem
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise DataMissingError(str(problem)) from problem
