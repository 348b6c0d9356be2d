// Write the new interactions of a batch: their periods (a UTC day of a profile, with its counts and when it was
// last added to), new ones and those that were there; then themselves; then products, each once, and their lines;
// then what the profiles bought and were offered in all, by product, new and there before. A product is called what
// the newest interaction calls it, and costs what was paid last (of two at one time the greater); `more` are the profiles
// that had not bought it, `again` those that now bought it on two days. It keeps the last $crowd numbers of `buyers`, who
// bought it for the first time and are trusted (those of sources that are $leftOut are not), and of `sizes`, how many
// products each has bought. What an older version wrote is counted later: of its products neither `again` nor the
// buyers go on, and where $leftOut is null none are known. A line keeps the category that it told, '' where it told none.
// params: newPeriods, periods, rows, products, lines, newBought, bought, newOffered, offered, crowd, leftOut, now
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
UNWIND $products AS row
MERGE (x:Product {key: row.key})
WITH row, x,
     row.nameAt > coalesce(x.namedAt, row.nameAt - 1) OR (row.nameAt = x.namedAt AND row.name > x.name) AS named,
     row.categoryAt > coalesce(x.categorizedAt, row.categoryAt - 1)
       OR (row.categoryAt = x.categorizedAt AND row.category > x.category) AS categorized,
     row.priceAt > coalesce(x.pricedAt, row.priceAt - 1) OR (row.priceAt = x.pricedAt AND (row.price > x.price
       OR (row.price = x.price AND row.currency > coalesce(x.currency, '')))) AS priced
SET x += {
  name: CASE WHEN named THEN row.name ELSE x.name END,
  namedAt: CASE WHEN named THEN row.nameAt ELSE x.namedAt END,
  category: CASE WHEN categorized THEN row.category ELSE x.category END,
  categorizedAt: CASE WHEN categorized THEN row.categoryAt ELSE x.categorizedAt END,
  price: CASE WHEN priced THEN row.price ELSE x.price END,
  currency: CASE WHEN priced THEN row.currency ELSE x.currency END,
  pricedAt: CASE WHEN priced THEN row.priceAt ELSE x.pricedAt END,
  buyers: coalesce(x.buyers, 0) + row.more,
  again: CASE WHEN x.buyers IS NULL THEN row.again ELSE x.again + row.again END,
  leftOut: CASE WHEN $leftOut IS NULL THEN null WHEN x.buyers IS NULL THEN $leftOut ELSE x.leftOut END,
  lastBuyers: CASE
    WHEN x.buyers IS NULL THEN row.buyers[-$crowd..]
    WHEN row.buyers = [] THEN x.lastBuyers
    ELSE (x.lastBuyers + row.buyers)[-$crowd..] END,
  lastSizes: CASE
    WHEN x.buyers IS NULL THEN row.sizes[-$crowd..]
    WHEN row.buyers = [] THEN x.lastSizes
    ELSE (x.lastSizes + row.sizes)[-$crowd..] END}
WITH count(*) AS done
UNWIND $lines AS row
MERGE (x:Product {key: row.product})
MERGE (n:Interaction {key: row.interaction})
CREATE (n)-[:ABOUT {key: row.key, place: row.place, quantity: row.quantity, amount: row.amount,
  category: coalesce(row.category, '')}]->(x)
WITH count(*) AS done
UNWIND $newBought AS row
MERGE (p:Profile {key: row.profile})
WITH p, row
UNWIND row.products AS one
MERGE (x:Product {key: one.product})
CREATE (p)-[:BOUGHT {key: one.key, times: one.times, quantity: one.quantity, first: one.first, last: one.last,
  days: one.days, returned: one.returned, returnedAt: one.returnedAt}]->(x)
WITH count(*) AS done
UNWIND $bought AS row
MERGE (p:Profile {key: row.profile})
WITH p, row
MATCH (p)-[b:BOUGHT]->(:Product)
WHERE b.key IN row.keys
WITH b, row.values[b.key] AS one
SET b += {times: one.times, quantity: one.quantity, first: one.first, last: one.last, days: one.days,
  returned: one.returned, returnedAt: one.returnedAt}
WITH count(*) AS done
UNWIND $newOffered AS row
MERGE (p:Profile {key: row.profile})
WITH p, row
UNWIND row.products AS one
MERGE (x:Product {key: one.product})
CREATE (p)-[:OFFERED {key: one.key, shown: one.shown, shownAt: one.shownAt, accepted: one.accepted,
  acceptedAt: one.acceptedAt, refused: one.refused, refusedAt: one.refusedAt}]->(x)
WITH count(*) AS done
UNWIND $offered AS row
MERGE (p:Profile {key: row.profile})
WITH p, row
MATCH (p)-[b:OFFERED]->(:Product)
WHERE b.key IN row.keys
WITH b, row.values[b.key] AS one
SET b += {shown: one.shown, shownAt: one.shownAt, accepted: one.accepted, acceptedAt: one.acceptedAt,
  refused: one.refused, refusedAt: one.refusedAt}
RETURN count(*) AS done
