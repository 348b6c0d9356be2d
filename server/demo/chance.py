"""Chance: random numbers that are the same in every run."""

import random


def chance(*of: object) -> random.Random:
    """A generator of its own for each thing, so that nobody's draws depend on who else is there."""
    return random.Random("/".join(map(str, of)))  # noqa: S311 - people are made up, not secrets
