// Write the links of a batch that were there before; `closedAt` says from when on one no longer holds, `turned`
// when we learned that it does not, or does again: the recorded times by turns. One that was closed before these
// were kept begins with `closedAt`.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MATCH (p:Profile {key: row.profile})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[seen:HAS_IDENTIFIER]->(:Identifier)
WHERE seen.key = row.key
SET seen += {firstSeen: row.firstSeen, lastSeen: row.lastSeen, count: row.count, closedAt: row.closedAt,
  turned: CASE
    WHEN (seen.closedAt IS NULL) = (row.closedAt IS NULL) THEN seen.turned
    ELSE coalesce(seen.turned, CASE WHEN seen.closedAt IS NULL THEN [] ELSE [seen.closedAt] END) + [$now]
  END}
