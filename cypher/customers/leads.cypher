// What leads from a customer to recommendations, given rows of `wanted` (what was asked for), `c` (the customer),
// `before` (its version when it was found) and `alone` (no other customer is asked for; it is null for several, since
// it would be much): its basket, and who else bought what is in it. That is, of the $telling products that tell most, the last bought first and those that a crowd
// buys last, the buyers that a product keeps: of those that are trusted all, and of a crowd $crowd at most.
// Profiles of $hidden sources are left out.
// params: hidden, alike, telling, crowd
// mode: fragment
// row: leads{basket[{source, sourceId, number, product, name, category, price, currency, buyers, again, times, quantity, first, last, days[], returned, returnedAt}], offers[{product, name, category, shown, shownAt, accepted, acceptedAt, refused, refusedAt}], alike[{product, buyers, numbers[], sizes[]}]}, and see the fragment
// then: customers/facets
WITH wanted, c, alone, before
CALL (c, alone) {
  UNWIND CASE WHEN alone THEN [1] ELSE [] END AS once
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[b:BOUGHT]->(x:Product)
  WHERE NOT p.source IN $hidden
  WITH p, b, x
  ORDER BY b.key
  WITH {source: p.source, sourceId: p.sourceId, number: p.number, product: x.key, name: x.name, category: x.category,
        price: x.price, currency: x.currency, buyers: x.buyers, again: x.again, times: b.times, quantity: b.quantity,
        first: b.first, last: b.last, days: b.days, returned: b.returned, returnedAt: b.returnedAt} AS one
  RETURN collect(one) AS basket
}
CALL (c, alone) {
  UNWIND CASE WHEN alone THEN [1] ELSE [] END AS once
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[o:OFFERED]->(x:Product)
  WHERE NOT p.source IN $hidden
  WITH o, x
  ORDER BY o.key
  WITH {product: x.key, name: x.name, category: x.category, shown: o.shown, shownAt: o.shownAt, accepted: o.accepted,
        acceptedAt: o.acceptedAt, refused: o.refused, refusedAt: o.refusedAt} AS one
  RETURN collect(one) AS offers
}
CALL (c, alone) {
  UNWIND CASE WHEN $alike AND alone THEN [1] ELSE [] END AS once
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[b:BOUGHT]->(x:Product)
  WHERE b.times > 0 AND x.buyers > 1 AND NOT p.source IN $hidden
  WITH x.key AS product, x.buyers AS buyers, max(b.last) AS last
  WITH product, buyers, last, CASE WHEN buyers <= $crowd THEN 0 ELSE 1 END AS crowded
  ORDER BY crowded, last DESC, buyers, product
  LIMIT $telling
  MATCH (x:Product {key: product})
  USING INDEX SEEK x:Product(key)
  WITH {product: product, buyers: buyers, numbers: coalesce(x.lastBuyers, []), sizes: coalesce(x.lastSizes, [])} AS one
  RETURN collect(one) AS alike
}
WITH wanted, c, before, CASE WHEN alone THEN {basket: basket, offers: offers, alike: alike} ELSE null END AS leads
