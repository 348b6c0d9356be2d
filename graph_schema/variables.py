"""Variables: what is in them is counted before graphql-core makes the values of arguments of them.

It does so on the event loop: an object takes it some 0.08 ms with all its defaults, and Strawberry
as long again for each field that takes it; a text takes some µs.
"""

from graphql import GraphQLError

# Some 0.04 ms a point: a thousand records of fifteen objects each still fit into an operation.
OBJECT, VALUES_A_POINT = 2, 20
# Nothing takes more: `ingest` a thousand records, a decision a thousand profiles.
LONGEST_LIST = 1_000
_NESTED = dict, list


def points_of(variable: object, most: int) -> int:
    """What the objects and lists in a variable cost, whenever it is read; a scalar costs nothing.

    Raises:
        GraphQLError: it is more than `most`, or a list has too many objects or lists.
    """
    waiting = [variable] if isinstance(variable, _NESTED) else []
    objects = values = points = 0
    while waiting:
        value = waiting.pop()
        objects += isinstance(value, dict)
        values += len(value)
        points = objects * OBJECT + values // VALUES_A_POINT
        if points > most:
            raise _too_dear(most)
        if isinstance(value, dict):
            waiting += [one for one in value.values() if isinstance(one, _NESTED)]
        elif len(value) <= LONGEST_LIST:
            waiting += [one for one in value if isinstance(one, _NESTED)]
        elif any(isinstance(one, _NESTED) for one in value):
            raise _too_long(len(value))
    return points


def _too_dear(most: int) -> GraphQLError:
    return GraphQLError(
        f"The variables alone cost more than {most:,} points, the most that an operation may: "
        "send less at a time.",
        extensions={"code": "COST_EXCEEDED", "maximum": most},
    )


def _too_long(items: int) -> GraphQLError:
    return GraphQLError(
        f"A list of objects in the variables has {items:,} items, and at most {LONGEST_LIST:,} "
        "are taken: send it in parts.",
        extensions={"code": "INVALID_INPUT"},
    )
