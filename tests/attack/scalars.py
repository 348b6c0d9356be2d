"""What schemathesis has to be told of our scalars; it loads this in an environment of its own."""

import schemathesis  # type: ignore[import-not-found]
from graphql import (
    ConstValueNode,
    ListValueNode,
    NameNode,
    ObjectFieldNode,
    ObjectValueNode,
)
from hypothesis import strategies as st
from hypothesis_graphql import nodes  # type: ignore[import-not-found]

LARGE = 2**70
NAMES = st.from_regex(r"\A[_A-Za-z][_A-Za-z0-9]{0,6}\Z")


def listed(values: list[ConstValueNode]) -> ListValueNode:
    """A list as it stands in a document."""
    return ListValueNode(values=tuple(values))


def objected(values: dict[str, ConstValueNode]) -> ObjectValueNode:
    """An object as it stands in a document."""
    fields = (ObjectFieldNode(name=NameNode(value=key), value=it) for key, it in values.items())
    return ObjectValueNode(fields=tuple(fields))


scalars = st.one_of(
    st.text(max_size=8).map(nodes.String),
    st.booleans().map(nodes.Boolean),
    st.integers(-LARGE, LARGE).map(nodes.Int),
    st.floats(allow_nan=False, allow_infinity=False).map(nodes.Float),
    st.just(nodes.Null),
)
schemathesis.graphql.scalar(
    "JSON",
    st.recursive(
        scalars,
        lambda some: st.one_of(
            st.lists(some, max_size=4).map(listed),
            st.dictionaries(NAMES, some, max_size=4).map(objected),
        ),
        max_leaves=8,
    ),
)
