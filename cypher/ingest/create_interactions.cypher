// Create the new interactions of a batch in their periods.
// params: rows, now
// mode: write
// row: none
UNWIND $rows AS row
MERGE (d:Period {key: row.bucket})
CREATE (d)-[:HOLDS]->(n:Interaction {key: row.key, bucket: row.bucket, type: row.type, name: row.name, at: row.at,
  channel: row.channel, amount: row.amount, currency: row.currency, orderId: row.orderId,
  properties: row.properties, recordedAt: $now})
FOREACH (key IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  MERGE (i:Identifier {key: key})
  CREATE (n)-[:ON]->(i))
