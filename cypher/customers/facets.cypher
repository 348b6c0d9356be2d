// The bounded facets of each customer, given rows of `wanted` (what was asked for), `c` (the customer) and `alone` (no
// other customer is asked for: only then comes what is much, its basket and who else bought what is in it).
// A limit of 0 leaves a facet out. A customer whose version differs before and after was moved meanwhile:
// the caller reads again. Of each of $timelines the latest periods come, and besides, with the orders that
// several sources saw, the periods of these. All rows are collected before the second look, so that it comes after every read.
// Who else: of the $telling products that tell most, the last bought first and those that a crowd buys last, at most
// $crowd buyers each, which are all where it is no crowd, as parallel lists; $doubtful sources lead to nobody. Nothing
// is asked of what they bought, since relationships are read slower than the nodes behind them.
// Profiles of $hidden sources are left out, but not of the size.
// unordered: which buyers of a crowd are looked at is as good as any; everything else is in its order
// params: hidden, profiles, identifiers, devices, periods, timelines, orders, totals, stats, counts, basket, alike, telling, crowd, doubtful
// mode: fragment
// row: wanted, customer{id, number, createdAt, traits, size, closedAt, before, profiles[], identifiers[], devices[], sightings[], timelines[{found[]}], totals[], facts[], firstSeen, quintiles[{key, text}], identifierCount, deviceCount, household, pending, alone, basket[{source, sourceId, product, name, category, price, currency, buyers, again, times, quantity, first, last, days[], returned, returnedAt}], offers[{product, name, category, shown, shownAt, accepted, acceptedAt, refused, refusedAt}], alike[{product, buyers, numbers[], sizes[]}]}, after
WITH wanted, c, alone, c.version AS before
CALL (c) {
  MATCH (c)<-[b:BELONGS_TO]-(p:Profile)
  WHERE $profiles > 0 AND NOT p.source IN $hidden
  WITH b, p
  ORDER BY p.number
  LIMIT $profiles
  WITH {number: p.number, customerId: p.customerId, source: p.source, sourceId: p.sourceId, firstSeen: p.firstSeen,
        lastSeen: p.lastSeen, traits: p.traits, since: b.since} AS one
  RETURN collect(one) AS profiles
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE $identifiers > 0 AND seen.closedAt IS NULL AND NOT p.source IN $hidden
  WITH i, min(seen.firstSeen) AS firstSeen, max(seen.lastSeen) AS lastSeen, sum(seen.count) AS times
  ORDER BY lastSeen DESC, i.key DESC
  LIMIT $identifiers
  WITH {key: i.key, namespace: i.namespace, value: i.value, people: i.people, generic: i.generic,
        firstSeen: firstSeen, lastSeen: lastSeen, count: times} AS one
  RETURN collect(one) AS identifiers
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE $devices > 0 AND i.device AND seen.closedAt IS NULL AND NOT p.source IN $hidden
  WITH i, min(seen.firstSeen) AS firstSeen, max(seen.lastSeen) AS lastSeen, sum(seen.count) AS times
  ORDER BY lastSeen DESC, i.key DESC
  LIMIT $devices
  WITH {key: i.key, namespace: i.namespace, value: i.value, people: i.people, generic: i.generic,
        firstSeen: firstSeen, lastSeen: lastSeen, count: times,
        platform: i.platform, os: i.os, browser: i.browser, model: i.model} AS one
  RETURN collect(one) AS devices
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[:SIGHTED]->(n:Interaction)<-[:HOLDS]-(d:Period)
  WHERE $orders AND NOT p.source IN $hidden
  WITH p, n, d,
       [(n)-[line:ABOUT]->(x:Product) | {product: x.key, name: coalesce(line.category, x.category, ''), amount: line.amount}] AS lines
  ORDER BY n.key
  WITH {order: n.orderId, key: n.key, type: n.type, at: n.at, channel: n.channel, amount: n.amount, currency: n.currency,
        lines: size(lines), about: lines, source: p.source, sourceId: p.sourceId, bucket: d.key, count: d.count, earliest: d.earliest,
        latest: d.latest, types: d.types, kinds: d.kinds} AS one
  RETURN collect(one) AS sightings
}
CALL (c, sightings) {
  WITH c, [one IN sightings | one.bucket] AS doubled
  UNWIND $timelines AS timeline
  CALL (c, doubled, timeline) {
    MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[:ACTIVE_IN]->(d:Period)
    WHERE d.latest >= timeline.since AND NOT d.key IN doubled AND NOT p.source IN $hidden
      AND (timeline.needles IS NULL OR d.kinds IS NULL OR any(needle IN timeline.needles WHERE d.kinds CONTAINS needle))
    WITH p, d
    ORDER BY d.latest DESC, d.key DESC
    LIMIT $periods
    WITH {key: d.key, count: d.count, earliest: d.earliest, latest: d.latest, source: p.source, sourceId: p.sourceId,
          types: d.types, kinds: d.kinds} AS one
    RETURN collect(one) AS found
  }
  WITH {found: found} AS one
  RETURN collect(one) AS timelines
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)
  WHERE $totals AND p.totals <> '{}' AND NOT p.source IN $hidden
  RETURN collect(p.totals) AS totals
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)
  WHERE $stats AND NOT p.source IN $hidden
  RETURN collect(p.facts) AS facts, min(p.firstSeen) AS firstSeen
}
CALL (c) {
  UNWIND CASE WHEN $stats AND size(c.spends) > 0 THEN [left(c.spends[0], 3)] ELSE [] END AS currency
  MATCH (q:Quintiles {key: currency})
  USING INDEX SEEK q:Quintiles(key)
  RETURN collect(q {.key, .text}) AS quintiles
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE $counts AND seen.closedAt IS NULL AND NOT p.source IN $hidden
  WITH DISTINCT i
  RETURN count(i) AS identifierCount, sum(CASE WHEN i.device THEN 1 ELSE 0 END) AS deviceCount
}
CALL (c, alone) {
  UNWIND CASE WHEN $basket AND alone THEN [1] ELSE [] END AS once
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[b:BOUGHT]->(x:Product)
  WHERE NOT p.source IN $hidden
  WITH p, b, x
  ORDER BY b.key
  WITH {source: p.source, sourceId: p.sourceId, product: x.key, name: x.name, category: x.category, price: x.price,
        currency: x.currency, buyers: x.buyers, again: x.again, times: b.times, quantity: b.quantity, first: b.first,
        last: b.last, days: b.days, returned: b.returned, returnedAt: b.returnedAt} AS one
  RETURN collect(one) AS basket
}
CALL (c, alone) {
  UNWIND CASE WHEN $basket AND alone THEN [1] ELSE [] END AS once
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
  CALL (x) {
    MATCH (x)<-[:BOUGHT]-(q:Profile)
    WITH q
    LIMIT $crowd
    WHERE NOT q.source IN $doubtful
    RETURN collect(q.number) AS numbers, collect(coalesce(q.products, 1)) AS sizes
  }
  WITH {product: product, buyers: buyers, numbers: numbers, sizes: sizes} AS one
  RETURN collect(one) AS alike
}
WITH wanted, {id: c.id, number: c.number, createdAt: c.createdAt, traits: c.traits, size: c.size, closedAt: c.closedAt,
     before: before, profiles: profiles, identifiers: identifiers, devices: devices, sightings: sightings,
     timelines: timelines, totals: totals, facts: facts, firstSeen: firstSeen, quintiles: quintiles,
     identifierCount: identifierCount, deviceCount: deviceCount, household: c.household,
     pending: c.pending, alone: alone, basket: basket, offers: offers, alike: alike} AS one
WITH collect({wanted: wanted, customer: one}) AS read
UNWIND read AS row
WITH row.wanted AS wanted, row.customer AS customer, row.customer.id AS id
MATCH (now:Customer {id: id})
USING INDEX SEEK now:Customer(id)
RETURN wanted, customer, now.version AS after
