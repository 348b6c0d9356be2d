"""Clues: what a record tells of whose it is, such as a mailbox, a birth date or an address."""

from collections.abc import Mapping

Profile = tuple[str, str]  # source, sourceId


def followed(clues: Mapping[Profile, set[str]]) -> set[Profile]:
    """The most profiles of a person that clues lead to from one to the next."""
    left = dict(clues)
    best: set[Profile] = set()
    while left:
        part, told = set[Profile](), set[str]()
        front = {next(iter(left))}
        while front:
            part |= front
            told |= {clue for profile in front for clue in left.pop(profile)}
            front = {profile for profile, its in left.items() if its & told}
        best = max(best, part, key=len)
    return best
