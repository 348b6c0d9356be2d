// Write customers that gained or lost profiles, or whose golden traits changed; each gets a new version.
// A closed one keeps its node for its history. One whose component is above the limit waits, `pending`.
// params: rows, now
// mode: write
// row: id, tokens (those that led to it before, where others do now)
UNWIND $rows AS row
MERGE (c:Customer {id: row.id})
ON CREATE SET c.createdAt = $now, c.version = 0
WITH c, row, coalesce(c.tokens, []) AS before
SET c.version = c.version + 1, c.number = row.number, c.bucket = row.bucket, c.closedAt = row.closedAt,
    c.traits = row.traits, c.size = row.size, c.pending = row.pending, c.card = row.card, c.tokens = row.tokens
WITH row, before
WHERE before <> row.tokens
RETURN row.id AS id, before AS tokens
