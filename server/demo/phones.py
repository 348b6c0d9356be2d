"""Phone numbers out of the ranges that Australia keeps for fiction, in the notations of life.

7010 with any area code for people, 5550 for households, 1800 975 for a call centre.
"""

import random

CALL_CENTRE = "+611800975711"
_AREAS = {"nsw": "2", "act": "2", "vic": "3", "tas": "3", "qld": "7"}
_ELSEWHERE = "8"
_NOTATIONS = ("+61{0}{1}{2}", "+61 {0} {1} {2}", "+61 (0){0} {1} {2}", "+61-{0}-{1}-{2}")


def personal(number: int, state: str) -> str:
    """The number of somebody; `number` is below 10,000, as that of `landline` is."""
    return f"+61{_area(state)}7010{number:04d}"


def landline(number: int, state: str) -> str:
    """The number of a household."""
    return f"+61{_area(state)}5550{number:04d}"


def written(phone: str, draw: random.Random) -> str:
    """A number of ours as somebody may write it, always with the country's prefix."""
    digits = phone.removeprefix("+61")
    area, rest = digits[:-8], digits[-8:]
    if len(area) > 1:  # a number without an area
        return phone
    return draw.choice(_NOTATIONS).format(area, rest[:4], rest[4:])


def _area(state: str) -> str:
    return _AREAS.get(state, _ELSEWHERE)
