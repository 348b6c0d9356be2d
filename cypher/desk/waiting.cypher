// The customers of `waiting` profiles, each once, with what all of their profiles tell, and the orders that several
// sources saw, which are to count once.
// params: none
// mode: fragment
// row: found (how many profiles), customer, version, profiles[{source, desk, facts}], sightings[{order, key, type, at, channel, amount, currency, lines, source, sourceId, bucket}]
WITH waiting, size(waiting) AS found
UNWIND waiting AS p
MATCH (p)-[:BELONGS_TO]->(c:Customer)
WITH DISTINCT found, c
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(o:Profile)
  WHERE o.desk IS NOT NULL OR o.facts IS NOT NULL
  WITH o
  ORDER BY o.number
  WITH {source: o.source, desk: o.desk, facts: o.facts} AS one
  RETURN collect(one) AS profiles
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(o:Profile)-[:SIGHTED]->(n:Interaction)
  WITH o, n, COUNT { (n)-[:ABOUT]->() } AS lines
  ORDER BY n.key
  WITH {order: n.orderId, key: n.key, type: n.type, at: n.at, channel: n.channel, amount: n.amount,
        currency: n.currency, lines: lines, source: o.source, sourceId: o.sourceId, bucket: n.bucket} AS one
  RETURN collect(one) AS sightings
}
RETURN found, c.id AS customer, c.version AS version, profiles, sightings
