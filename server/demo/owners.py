"""Owners: whose each profile of the demo is, where that can be told."""

from collections import defaultdict
from dataclasses import dataclass, field

from server.demo.sighting import Profile, Sighting


@dataclass(slots=True)
class Owners:
    """Anonymous use of a shared thing is nobody's, and its owner is the thing.

    Where fewer than two people log in on it nobody could tell, and it is left out.
    """

    _owners: dict[Profile, str] = field(default_factory=dict)
    _things: set[str] = field(default_factory=set)
    _users: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, one: Sighting) -> None:
        """Take in a record."""
        self._owners[one.profile] = one.owner
        if one.nobodys:
            self._things.add(one.owner)
        elif one.shared_thing:
            self._users[one.shared_thing].add(one.owner)

    def truth(self) -> dict[Profile, str]:
        """Owners by profile."""
        untold = {thing for thing in self._things if len(self._users[thing]) < 2}  # noqa: PLR2004
        return {key: owner for key, owner in self._owners.items() if owner not in untold}
