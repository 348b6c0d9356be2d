// What happened to profiles after the time at which each was deleted, the oldest first. A deletion that comes late
// erases it with all that is stored, and it is written again.
// params: rows
// mode: read
// row: profile, source, at, device, key, period, day, type, name, channel, amount, currency, orderId, properties, products[{key, category, quantity, amount}]
UNWIND $rows AS row
MATCH (p:Profile {key: row.profile})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[:ACTIVE_IN]->(d:Period)-[:HOLDS]->(n:Interaction)
WHERE n.at > row.after
OPTIONAL MATCH (n)-[:ON]->(i:Identifier)
WITH p, d, n, i.key AS device
OPTIONAL MATCH (n)-[about:ABOUT]->(x:Product)
WITH p, d, n, device, about, x
ORDER BY about.place
WITH p, d, n, device, collect(CASE WHEN x IS NULL THEN null ELSE {key: x.key, category: about.category,
  quantity: about.quantity, amount: about.amount} END) AS products
RETURN p.key AS profile, p.source AS source, n.at AS at, device, n.key AS key, d.key AS period, d.at AS day,
       n.type AS type, n.name AS name, n.channel AS channel, n.amount AS amount, n.currency AS currency,
       n.orderId AS orderId, n.properties AS properties, products
ORDER BY at, key
