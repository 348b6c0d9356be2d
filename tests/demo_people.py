"""A few people of the demo, put into a running server by its own door."""

import httpx2

from server.demo.records import stream

AT_ONCE = 500
INGEST = "mutation($records: [RecordInput!]!) { ingest(records: $records) { errors { code } } }"


async def ingest_people(graphql: str, count: int) -> None:
    """Load the first people; `graphql` is the address of the API."""
    records = [*stream(count).records]
    async with httpx2.AsyncClient(timeout=120) as client:
        for start in range(0, len(records), AT_ONCE):
            some = records[start : start + AT_ONCE]
            body = {"query": INGEST, "variables": {"records": some}}
            answer = await client.post(graphql, json=body)
            assert answer.json() == {"data": {"ingest": {"errors": []}}}
