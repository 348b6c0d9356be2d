// Write the links of a batch that were there before; `closedAt` says from when on one no longer holds.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (p:Profile {key: row.profile})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[seen:HAS_IDENTIFIER]->(:Identifier)
WHERE seen.key = row.key
SET seen += {firstSeen: row.firstSeen, lastSeen: row.lastSeen, count: row.count, closedAt: row.closedAt}
