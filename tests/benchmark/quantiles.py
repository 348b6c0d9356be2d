"""The two figures that times are told by."""

import statistics
from collections.abc import Sequence


def quantiles(times: Sequence[float]) -> tuple[float, float]:
    """The median and the 95th percentile."""
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]
