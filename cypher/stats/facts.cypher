// What profiles know of purchases and tickets, by customer: of those that are one now, if they know any, and of those
// that are about to be one, whose customer may not be there yet. With the purchases whose order several sources saw,
// and what their lines came to by category: as the line told it ('' where it told none), in old graphs as the product
// has it. One row in all: a message a row would cost more than the rows.
// A customer matched by its id at the end would not be sought but scanned for by the embedded engine.
// params: customers, profiles
// mode: read
// row: found[{customer, number, stored{byOrders, byPurchase, byTickets, spends} (of those that are one now), facts[], sightings[[{order, key, type, at, channel, amount, currency, lines, source, sourceId, bucket, about[{name, amount}]}]]}] (one row)
CALL () {
  UNWIND $customers AS wanted
  MATCH (c:Customer {id: wanted})
  USING INDEX SEEK c:Customer(id)
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)
  WHERE p.facts <> '{}'
  WITH wanted, p, c.number AS number,
       {byOrders: c.byOrders, byPurchase: c.byPurchase, byTickets: c.byTickets, spends: c.spends} AS stored
  RETURN wanted AS customer, number, stored, p
  UNION ALL
  UNWIND $profiles AS wanted
  MATCH (p:Profile {key: wanted.key})
  USING INDEX SEEK p:Profile(key)
  RETURN wanted.customer AS customer, null AS number, null AS stored, p
}
CALL (p) {
  MATCH (p)-[:SIGHTED]->(n:Interaction)
  WITH p, n,
       [(n)-[line:ABOUT]->(x:Product) | {name: coalesce(line.category, x.category, ''), amount: line.amount}] AS lines
  ORDER BY n.key
  WITH {order: n.orderId, key: n.key, type: n.type, at: n.at, channel: n.channel, amount: n.amount,
        currency: n.currency, lines: size(lines), source: p.source, sourceId: p.sourceId, bucket: n.bucket,
        about: lines} AS one
  RETURN collect(one) AS seen
}
WITH customer, number, stored, collect(p.facts) AS facts, collect(seen) AS sightings
WITH {customer: customer, number: number, stored: stored, facts: facts, sightings: sightings} AS one
RETURN collect(one) AS found
