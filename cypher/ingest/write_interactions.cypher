// Write new interactions into their periods.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (n:Interaction {key: row.key})
SET n.bucket = row.bucket, n.type = row.type, n.name = row.name, n.at = row.at, n.channel = row.channel,
    n.amount = row.amount, n.currency = row.currency, n.orderId = row.orderId, n.properties = row.properties,
    n.recordedAt = $now
MERGE (d:Period {key: row.bucket})
MERGE (d)-[:HOLDS]->(n)
FOREACH (key IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  MERGE (i:Identifier {key: key})
  MERGE (n)-[:ON]->(i))
