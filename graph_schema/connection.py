"""Connections: pages of edges with keyset cursors, as Relay's specification has them."""

from collections.abc import Callable, Iterable
from typing import Generic, TypeVar

import strawberry

from customers.page import Page, checked_size

Node = TypeVar("Node")
Row = TypeVar("Row")
DEFAULT_FIRST = 10


@strawberry.type(description="Where a page lies in its connection.")
class PageInfo:
    """Relay's PageInfo."""

    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type(description="A node and its place in the connection.")
class Edge(Generic[Node]):
    """Relay's edge."""

    cursor: str
    node: Node


@strawberry.type(description="A page of nodes.")
class Connection(Generic[Node]):
    """Relay's connection, with its nodes also as a plain list."""

    edges: list[Edge[Node]]
    page_info: PageInfo

    @strawberry.field(description="The nodes without their cursors.")
    def nodes(self) -> list[Node]:
        """The nodes alone."""
        return [edge.node for edge in self.edges]


def connected(
    page: Page[Row], node: Callable[[Row], Node], cursor: Callable[[Row], str]
) -> Connection[Node]:
    """A page as a connection; what was moved while it was read is shown once."""
    edges = list(_once(Edge(cursor=cursor(row), node=node(row)) for row in page.items))
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=page.has_next,
            has_previous_page=page.has_previous,
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )


def _once(edges: Iterable[Edge[Node]]) -> Iterable[Edge[Node]]:
    seen: set[str] = set()
    for edge in edges:
        if edge.cursor not in seen:
            seen.add(edge.cursor)
            yield edge


def page_size(first: int | None, name: str = "first") -> int:
    """How many to bring; refuses what no page can be."""
    size = checked_size(name, first)
    return DEFAULT_FIRST if size is None else size
