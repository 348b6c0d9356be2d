// Write customers that gained or lost profiles, or whose golden traits changed; each gets a new version.
// Its number ends what it is ordered by, so that no two are equal. A closed one keeps its node for its history. One whose component is above the limit waits, `pending`.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (c:Customer {id: row.id})
ON CREATE SET c.createdAt = $now, c.version = 0
SET c.version = c.version + 1, c.number = row.number, c.bucket = row.bucket, c.closedAt = row.closedAt,
    c.traits = row.traits, c.size = row.size, c.pending = row.pending, c.lastSeen = row.lastSeen
SET c += row.filed
SET c.byName = c.byName + right('0000000000' + toString(c.number), 10),
    c.bySeen = row.bySeen + right('0000000000' + toString(c.number), 10)
