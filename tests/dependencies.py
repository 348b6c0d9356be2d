"""`python -m tests.dependencies`: whether a pinned package has a known vulnerability.

Asks the OSV database through pip-audit. Exit 1 where a vulnerability is found that
known_vulnerabilities.toml does not have. Where the database cannot be reached nothing is known, and
that is said, but is no failure: a change must not wait for somebody else's server.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
PINS = ROOT / "constraints.txt"
KNOWN = ROOT / "tests" / "known_vulnerabilities.toml"
# A service that answers takes some 20 s for all; one that does not is given up.
MOST_S, ANSWER_S = 120, 10
# How pip-audit ends where nobody answered; anything else that goes wrong is ours to mend.
UNREACHED = re.compile(r"(\w*ConnectionError|\w*Timeout|ServiceError|ProxyError|SSLError)\b")

Found = Sequence[Mapping[str, Any]]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what was found; 0 or 1."""
    options = argparse.ArgumentParser(prog="python -m tests.dependencies", description=__doc__)
    options.add_argument("--pins", type=Path, default=PINS, help="name==version, one a line")
    options.add_argument("--known", type=Path, default=KNOWN, help="what is known, and why it may")
    options.add_argument("--osv-url", help="another OSV database than the public one")
    chosen = options.parse_args(arguments)
    found = ask(chosen.pins, chosen.osv_url)
    if isinstance(found, str):
        print(f"NOT AUDITED: {found}. Nothing is known of the dependencies.")
        return 0
    return told(found, known(chosen.known))


def ask(pins: Path, url: str | None) -> Found | str:
    """The packages with their vulnerabilities, or why nobody answered."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [
            *(sys.executable, "-m", "pip_audit", "--requirement", str(pins)),
            *("--no-deps", "--disable-pip", "--progress-spinner", "off"),
            *("--timeout", str(ANSWER_S), "--format", "json", "--output", str(answer)),
            *("--vulnerability-service", "osv", *(("--osv-url", url) if url else ())),
        ]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=MOST_S, check=False
            )
        except subprocess.TimeoutExpired:
            return f"the database of vulnerabilities took longer than {MOST_S} s"
        if answer.exists():
            found: Found = json.loads(answer.read_text(encoding="utf-8"))["dependencies"]
            return found
    last = done.stderr.strip().splitlines()[-1:] or ["it said nothing"]
    if UNREACHED.search(done.stderr):
        return "the database of vulnerabilities cannot be reached"
    raise SystemExit(f"pip-audit failed: {last[0]}")


def known(file: Path) -> dict[str, str]:
    """The reasons of what is known, by id."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    return {one["id"]: one["reason"] for one in content.get("known", ())}


def told(found: Found, reasons: Mapping[str, str]) -> int:
    """Say what was found; 1 where it is not known."""
    skipped = [one["name"] for one in found if "skip_reason" in one]
    if skipped:
        print(f"not looked up: {', '.join(skipped)}")
    wrong, met = 0, set()
    for package, one in _vulnerabilities(found):
        names = {one["id"], *one["aliases"]}
        if reason := next((reasons[name] for name in sorted(names & reasons.keys())), None):
            met |= names
            print(f"{package} has {one['id']}, which is known: {reason}")
            continue
        wrong += 1
        fixed = ", ".join(one["fix_versions"]) or "no version yet"
        print(f"{package} HAS {one['id']} (fixed in {fixed}): {one['description']}")
    for name in sorted(reasons.keys() - met):
        print(f"{name} is listed as known and no package has it: take it off the list")
    print(f"{len(found) - len(skipped)} packages looked up, {wrong} unknown vulnerabilities")
    return 1 if wrong else 0


def _vulnerabilities(found: Found) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for package in found:
        for one in package.get("vulns", ()):
            yield f"{package['name']} {package['version']}", one


if __name__ == "__main__":
    sys.exit(main())
