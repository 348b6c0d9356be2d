"""The baseline partition on a data set."""

from collections.abc import Iterable

from customers.ingest.keys import profile_key
from tests.baseline import partition, profiles_of
from tests.evaluation.dataset import DataSet


def floor(data: DataSet) -> Iterable[list[str]]:
    """Clusters of profile keys."""
    for keys in partition(profiles_of(data.records)):
        yield [profile_key(*key, ())[0] for key in keys]
