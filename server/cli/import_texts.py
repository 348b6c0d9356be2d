"""What `profile-graph import` says, for people and for machines."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import orjson

from customers.ingest.expected import Expected
from customers.ingest.report import Report

SHOWN_REASONS = 10


def report_json(file: str, report: Report) -> bytes:
    """What became of a file, one object."""
    return orjson.dumps({"file": file, **asdict(report)})


def report_text(file: str, report: Report, rejects: Path) -> str:
    """What became of a file, for people."""
    now = report.read - report.resumed
    rate = now / report.seconds if report.seconds else 0.0
    counts = f"{report.written:,} written, {report.known:,} known, {report.rejected:,} rejected"
    took = f"{now:,} records in {report.seconds:,.1f} s ({rate:,.0f}/s)"
    if report.resumed:
        before = f"{report.resumed:,} by the import that was cut off"
        took = f"{report.read:,} records, {before}, {now:,} in {report.seconds:,.1f} s"
    lines = [f"{file}: {took}: {counts}"]
    if report.rejected:
        lines.append(f"  rejected, with the reasons: {rejects}")
    return "\n".join([*lines, *_refused(report.refused)])


def expected_json(file: str, found: Expected) -> bytes:
    """What would become of a file, one object."""
    return orjson.dumps({"file": file, "dryRun": True, **asdict(found)})


def expected_text(file: str, found: Expected) -> str:
    """What would become of a file, for people."""
    lines = [
        f"{file}: {found.layout}; nothing was written",
        f"  {found.records:,} records would go in, {found.interactions:,} with an interaction",
        f"  {found.rejected:,} would be rejected",
    ]
    if found.deletions:
        lines.append(f"  {found.deletions:,} would delete a row, with all that is known by it")
    if found.customers is None:
        lines.append("  customers: not counted, as the file has too many profiles")
    else:
        lines.append(
            f"  {found.profiles:,} profiles, by themselves {found.customers:,} customers "
            "(what the graph has already is not looked at)"
        )
    lines += [f"  {count:,} identifiers: {name}" for name, count in found.identifiers.items()]
    lines += [
        f"  {name} is not in the policy: it is kept and links nobody" for name in found.undeclared
    ]
    lines += _refused(found.refused)
    lines += [f"  {count:,} rejected: {reason}" for reason, count in found.reasons.items()]
    for bad in found.bad:
        lines.append(f"  line {bad.line}: {bad.reason}")
        lines += [f"    {line}" for line in bad.record.splitlines()[:3]]
    return "\n".join(lines)


def _refused(counts: Mapping[str, int]) -> list[str]:
    most = sorted(counts.items(), key=lambda item: -item[1])[:SHOWN_REASONS]
    return [f"  {count:,} values refused: {reason}" for reason, count in most]
