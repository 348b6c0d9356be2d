"""A data set: records, and who is behind each profile as far as that can be told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from customers.ingest.keys import profile_key
from tests.synthetic import JsonRecord, Stream

Maker = Callable[[int, int], Stream]  # of so many persons, from a seed


class DataMissingError(Exception):
    """The data cannot be had here; the text says why."""


@dataclass(frozen=True)
class DataSet:
    """Records, and the person behind each profile by the profile's key."""

    name: str
    records: list[JsonRecord]
    truth: Mapping[str, str]


def of_stream(name: str, made: Stream) -> DataSet:
    """A made-up stream as a data set."""
    truth = {profile_key(*one, ())[0]: person for one, person in made.truth.items()}
    return DataSet(name, made.records, truth)
