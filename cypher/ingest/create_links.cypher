// Create the new links of a batch. Both ends are there; MERGE of a node seeks it by its constraint whatever
// the planner knows of the index. The relationship is not merged: that is fifteen times slower on the embedded
// engine, and the writer, whose turn it is, knows that it is new; its constraint refuses any other.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (p:Profile {key: row.profile})
MERGE (i:Identifier {key: row.identifier})
CREATE (p)-[:HAS_IDENTIFIER {key: row.key, firstSeen: row.firstSeen, lastSeen: row.lastSeen, count: row.count,
  closedAt: row.closedAt, recordedAt: $now}]->(i)
