// What profiles know of purchases and tickets, by customer: of those that are about to be one, and of those that are
// one now. With the purchases whose order several sources saw, and what their lines came to by category: as the line
// told it ('' where it told none), in old graphs as the product has it.
// A customer that is only about to be has no number and nothing stored.
// params: customers, profiles
// mode: read
// row: customer, number, stored{byOrders, byPurchase, byTickets, spends}, facts[], sightings[{order, key, type, at, channel, amount, currency, lines, source, sourceId, bucket, categories[{name, amount}]}]
CALL () {
  UNWIND $customers AS wanted
  MATCH (c:Customer {id: wanted})
  USING INDEX SEEK c:Customer(id)
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)
  RETURN wanted AS customer, p
  UNION ALL
  UNWIND $profiles AS wanted
  MATCH (p:Profile {key: wanted.key})
  USING INDEX SEEK p:Profile(key)
  RETURN wanted.customer AS customer, p
}
OPTIONAL MATCH (p)-[:SIGHTED]->(n:Interaction)
WITH customer, p, n,
     [(n)-[line:ABOUT]->(x:Product) | {name: coalesce(line.category, x.category, ''), amount: line.amount}] AS lines
ORDER BY n.key
WITH customer, p, collect(CASE WHEN n IS NULL THEN null ELSE {order: n.orderId, key: n.key, type: n.type, at: n.at,
     channel: n.channel, amount: n.amount, currency: n.currency, lines: size(lines), source: p.source,
     sourceId: p.sourceId, bucket: n.bucket, categories: lines} END) AS seen
WITH customer, collect(p.facts) AS facts, collect(seen) AS sightings
OPTIONAL MATCH (c:Customer {id: customer})
RETURN customer, c.number AS number,
       {byOrders: c.byOrders, byPurchase: c.byPurchase, byTickets: c.byTickets, spends: c.spends} AS stored,
       facts, sightings
