// What each customer bought, gave back and was offered, by profile and product, given rows of `c` (the customer) and
// `found` (what was found for it). `sightings` are purchases that several sources told of, with their products.
// Profiles of $hidden sources are left out.
// params: hidden
// mode: fragment
// row: customer, version, basket[{source, sourceId, product, name, category, price, currency, buyers, times, quantity, first, last, days[], returned, returnedAt}], offers[{product, name, category, shown, shownAt, accepted, acceptedAt, refused, refusedAt}], sightings[{order, key, type, at, channel, amount, currency, lines, source, sourceId, bucket, products[]}], found
WITH c, found
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[b:BOUGHT]->(x:Product)
  WHERE NOT p.source IN $hidden
  WITH p, b, x
  ORDER BY b.key
  WITH {source: p.source, sourceId: p.sourceId, product: x.key, name: x.name, category: x.category, price: x.price,
        currency: x.currency, buyers: x.buyers, times: b.times, quantity: b.quantity, first: b.first, last: b.last, days: b.days,
        returned: b.returned, returnedAt: b.returnedAt} AS one
  RETURN collect(one) AS basket
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[o:OFFERED]->(x:Product)
  WHERE NOT p.source IN $hidden
  WITH o, x
  ORDER BY o.key
  WITH {product: x.key, name: x.name, category: x.category, shown: o.shown, shownAt: o.shownAt, accepted: o.accepted,
        acceptedAt: o.acceptedAt, refused: o.refused, refusedAt: o.refusedAt} AS one
  RETURN collect(one) AS offers
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[:SIGHTED]->(n:Interaction)<-[:HOLDS]-(d:Period)
  WHERE NOT p.source IN $hidden
  OPTIONAL MATCH (n)-[:ABOUT]->(x:Product)
  WITH p, n, d, x
  ORDER BY n.key, x.key
  WITH p, n, d, collect(x.key) AS products
  WITH {order: n.orderId, key: n.key, type: n.type, at: n.at, channel: n.channel, amount: n.amount,
        currency: n.currency, lines: size(products), source: p.source, sourceId: p.sourceId, bucket: d.key,
        products: products} AS one
  RETURN collect(one) AS sightings
}
RETURN c.id AS customer, c.version AS version, basket, offers, sightings, found
