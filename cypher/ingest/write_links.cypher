// Write the links of a batch. Both ends are there; MERGE seeks them by their constraint whatever the
// planner knows of the index.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (i:Identifier {key: row.identifier})
MERGE (p)-[seen:HAS_IDENTIFIER {key: row.key}]->(i)
ON CREATE SET seen.recordedAt = $now
SET seen.firstSeen = row.firstSeen, seen.lastSeen = row.lastSeen, seen.count = row.count
