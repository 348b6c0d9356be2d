// Write the profiles of a batch.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.key})
ON CREATE SET p.number = row.number, p.customerId = row.customerId, p.source = row.source,
              p.sourceId = row.sourceId, p.recordedAt = $now
SET p.firstSeen = row.firstSeen, p.lastSeen = row.lastSeen, p.traits = row.traits,
    p.digests = row.digests, p.digestTimes = row.digestTimes, p.totals = row.totals
