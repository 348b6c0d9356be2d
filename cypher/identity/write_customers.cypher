// Write customers that gained or lost profiles, or whose golden traits changed; each gets a new version.
// A closed one keeps its node for its history. One whose component is above the limit waits, `pending`.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (c:Customer {id: row.id})
ON CREATE SET c.createdAt = $now, c.version = 0
SET c.version = c.version + 1, c.number = row.number, c.bucket = row.bucket, c.closedAt = row.closedAt,
    c.traits = row.traits, c.size = row.size, c.pending = row.pending
