// Give profiles blocking keys that they do not have; the keys are counted when their holders are resolved.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (i:Identifier {key: row.identifier})
ON CREATE SET i.namespace = split(row.identifier, '|')[0], i.value = row.identifier, i.generic = false, i.holders = 0
MERGE (p:Profile {key: row.profile})
CREATE (p)-[:HAS_KEY {key: row.key, recordedAt: $now}]->(i)
SET i.holders = i.holders + 1
