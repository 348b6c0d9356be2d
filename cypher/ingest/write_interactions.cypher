// Write the new interactions of a batch: their periods (a UTC day of a profile, with its counts and when it was
// last added to), new ones and those that were there; then themselves; then their product lines. A product is
// called what the newest interaction calls it; a line keeps the category that it told, '' where it told none.
// params: newPeriods, periods, rows, lines, now
// mode: write
// row: done
UNWIND $newPeriods AS row
MERGE (p:Profile {key: row.profile})
CREATE (p)-[:ACTIVE_IN]->(d:Period {key: row.key, profile: row.profile, at: row.at, count: row.count,
  types: row.types, kinds: row.kinds, earliest: row.earliest, latest: row.latest, recordedAt: $now})
WITH count(*) AS done
UNWIND $periods AS row
MERGE (d:Period {key: row.key})
SET d += {count: row.count, types: row.types, kinds: row.kinds, earliest: row.earliest, latest: row.latest,
  recordedAt: $now}
WITH count(*) AS done
UNWIND $rows AS row
MERGE (d:Period {key: row.bucket})
CREATE (d)-[:HOLDS]->(n:Interaction {key: row.key, bucket: row.bucket, type: row.type, name: row.name, at: row.at,
  channel: row.channel, amount: row.amount, currency: row.currency, orderId: row.orderId,
  properties: row.properties, recordedAt: $now})
FOREACH (key IN CASE WHEN row.device IS NULL THEN [] ELSE [row.device] END |
  MERGE (i:Identifier {key: key})
  CREATE (n)-[:ON]->(i))
WITH count(*) AS done
UNWIND $lines AS row
MERGE (x:Product {key: row.product})
SET x += {
  name: CASE WHEN row.name IS NOT NULL AND row.at >= coalesce(x.namedAt, row.at) THEN row.name ELSE x.name END,
  category: CASE WHEN row.category IS NOT NULL AND row.at >= coalesce(x.namedAt, row.at) THEN row.category ELSE x.category END,
  namedAt: CASE WHEN row.at >= coalesce(x.namedAt, row.at) THEN row.at ELSE x.namedAt END}
MERGE (n:Interaction {key: row.interaction})
CREATE (n)-[:ABOUT {key: row.key, place: row.place, quantity: row.quantity, amount: row.amount,
  category: coalesce(row.category, '')}]->(x)
RETURN count(*) AS done
