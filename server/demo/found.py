"""Found: a customer of the demo that is all of one person and nothing else."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from server.demo.glance import Glance
from server.demo.sighting import Profile

EMAIL = "email|"


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody found whole; `emails` are those that no other customer holds."""

    owner: str
    glances: Mapping[Profile, Glance]
    emails: Sequence[str]

    def of(self, *sources: str) -> Iterator[Glance]:
        """The profiles of some sources."""
        return (glance for (source, _), glance in self.glances.items() if source in sources)


def found_whole(
    customers: Iterable[Collection[Profile]],
    truth: Mapping[Profile, str],
    links: Mapping[Profile, Collection[str]],
    glances: Mapping[Profile, Glance],
) -> Iterator[Found]:
    """Customers that are found whole and have an e-mail of their own."""
    sizes = Counter(truth.values())
    holders: dict[str, set[Profile]] = defaultdict(set)
    for profile, keys in links.items():
        for key in keys:
            holders[key].add(profile)
    for profiles in customers:
        owners = {truth.get(profile) for profile in profiles}
        owner = owners.pop() if len(owners) == 1 else None
        if owner is None or sizes[owner] != len(profiles):
            continue
        keys = {key for one in profiles for key in links.get(one, ()) if key.startswith(EMAIL)}
        own = sorted(key.removeprefix(EMAIL) for key in keys if holders[key] <= set(profiles))
        if own:
            yield Found(owner, {one: glances[one] for one in sorted(profiles)}, own)
