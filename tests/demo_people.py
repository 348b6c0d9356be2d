"""A few people of the demo, put into a running server by its own door."""

import httpx2

from server.demo.records import stream

INGEST = "mutation($records: [RecordInput!]!) { ingest(records: $records) { errors { code } } }"


async def ingest_people(graphql: str, count: int) -> None:
    """Load the first people; `graphql` is the address of the API."""
    body = {"query": INGEST, "variables": {"records": stream(count).records}}
    async with httpx2.AsyncClient(timeout=120) as client:
        answer = await client.post(graphql, json=body)
    assert answer.json() == {"data": {"ingest": {"errors": []}}}
