"""Collector: how seldom Python looks for objects that only refer to each other."""

import gc

# Python's own are 700, 10 and 10: while rows by the thousand become objects that stay until their
# batch is written, it goes through all of them again and again (docs/decisions/0023). At all that
# there is it looks once in 1.2 million objects.
THRESHOLDS = 100_000, 4, 3


def collect_seldom() -> None:
    """Let the collector of this process run one time where it would run 140 times.

    What nobody refers to any more is freed at once all the same; it looks for cycles alone.
    """
    gc.set_threshold(*THRESHOLDS)
