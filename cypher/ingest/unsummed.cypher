// The profiles of a window of numbers that an older version wrote, whose purchases nobody summed up, with what they did
// about products.
// params: after, to
// mode: read
// row: profile, source, happened[{key, type, name, at, amount, currency, properties, lines[{product, quantity, amount}]}]
UNWIND range($after + 1, $to) AS wanted
MATCH (p:Profile {number: wanted})
USING INDEX SEEK p:Profile(number)
WHERE p.products IS NULL AND (p.deletedAt IS NULL OR p.lastSeen > p.deletedAt)
CALL (p) {
  MATCH (p)-[:ACTIVE_IN]->(:Period)-[:HOLDS]->(n:Interaction)-[about:ABOUT]->(x:Product)
  WITH n, about, x
  ORDER BY about.key
  WITH n, collect({product: x.key, quantity: about.quantity, amount: about.amount}) AS lines
  WITH {key: n.key, type: n.type, name: n.name, at: n.at, amount: n.amount, currency: n.currency,
        properties: n.properties, lines: lines} AS one
  RETURN collect(one) AS happened
}
RETURN p.key AS profile, p.source AS source, happened
