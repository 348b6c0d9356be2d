// The bounded facets of each customer, given rows of `wanted` (what was asked for), `c` (the customer), `before` (its
// version when it was found; null if it then was no longer what was asked for) and `leads` (what leads to
// recommendations, null where nobody asked for it).
// A limit of 0 leaves a facet out. A customer whose version differs before and after was moved meanwhile:
// the caller reads again. Of each of $timelines the latest periods come, and besides, with the orders that
// several sources saw, the periods of these. All rows are collected before the second look, so that it comes after every read.
// Profiles of $hidden sources are left out, but not of the size.
// params: hidden, profiles, identifiers, devices, periods, timelines, orders, totals, stats, counts
// mode: fragment
// row: wanted, customer{id, number, createdAt, traits, size, closedAt, before, profiles[], identifiers[], devices[], sightings[], timelines[{found[]}], totals[], facts[], firstSeen, quintiles[{key, text}], identifierCount, deviceCount, household, pending, leads (see customers/leads)}, after
WITH wanted, c, before, leads
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
WITH wanted, {id: c.id, number: c.number, createdAt: c.createdAt, traits: c.traits, size: c.size, closedAt: c.closedAt,
     before: before, profiles: profiles, identifiers: identifiers, devices: devices, sightings: sightings,
     timelines: timelines, totals: totals, facts: facts, firstSeen: firstSeen, quintiles: quintiles,
     identifierCount: identifierCount, deviceCount: deviceCount, household: c.household,
     pending: c.pending, leads: leads} AS one
WITH collect({wanted: wanted, customer: one}) AS read
UNWIND read AS row
WITH row.wanted AS wanted, row.customer AS customer, row.customer.id AS id
MATCH (now:Customer {id: id})
USING INDEX SEEK now:Customer(id)
RETURN wanted, customer, now.version AS after
