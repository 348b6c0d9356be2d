// Write the profiles of a batch that were there before.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (p:Profile {key: row.key})
USING INDEX SEEK p:Profile(key)
SET p.firstSeen = row.firstSeen, p.lastSeen = row.lastSeen, p.traits = row.traits,
    p.digests = row.digests, p.digestTimes = row.digestTimes, p.totals = row.totals,
    p.replacedAt = row.replacedAt, p.deletedAt = row.deletedAt
