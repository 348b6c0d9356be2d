"""Mistakes with the records they were made on, to see what went wrong."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from customers.ingest.keys import profile_key
from tests.evaluation.dataset import DataSet
from tests.synthetic import JsonRecord


def merged(clusters: Sequence[Sequence[str]], data: DataSet, most: int) -> Iterator[str]:
    """Clusters of several people, the smallest first, as lines."""
    wrong = [keys for keys in clusters if len({*_people(keys, data)} - {""}) > 1]
    for keys in sorted(wrong, key=lambda keys: (len(keys), min(keys)))[:most]:
        yield "  wrongly merged:"
        yield from _lines(sorted(keys, key=lambda key: data.truth.get(key, "")), data)


def split(clusters: Sequence[Sequence[str]], data: DataSet, most: int) -> Iterator[str]:
    """Persons in several clusters, those of the fewest profiles first, as lines."""
    parts: dict[str, list[list[str]]] = defaultdict(list)
    for keys in clusters:
        for person in {*_people(keys, data)} - {""}:
            parts[person].append([key for key in keys if data.truth.get(key) == person])
    torn = [part for part in parts.values() if len(part) > 1]
    for part in sorted(torn, key=lambda part: (sum(map(len, part)), min(part)))[:most]:
        yield "  split:"
        for number, keys in enumerate(part, 1):
            yield from _lines(sorted(keys), data, f"part {number}")


def _people(keys: Sequence[str], data: DataSet) -> Iterator[str]:
    return (data.truth.get(key, "") for key in keys)


def _lines(keys: Sequence[str], data: DataSet, label: str = "") -> Iterator[str]:
    records: dict[str, list[JsonRecord]] = defaultdict(list)
    for record in data.records:
        records[profile_key(record["source"], record["sourceId"], ())[0]].append(record)
    for key in keys:
        for record in records[key]:
            yield f"    {label or data.truth.get(key, 'nobody')}: {_brief(record)}"


def _brief(record: JsonRecord) -> str:
    return (
        json.dumps(record, ensure_ascii=False).replace('"namespace": ', "").replace('"value": ', "")
    )
