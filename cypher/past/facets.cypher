// Customers as of a recorded time, whole, given rows of `wanted` and `c`: the profiles that belonged to them then,
// the links that were open then (`turned` has the times at which one closed and opened again), and the days of their
// interactions. `later` counts what was recorded after that in these days and is to be taken off; `sightings` are
// of orders that several sources had told of. Who had no profiles then gives empty lists.
// A customer whose version differs before and after was moved meanwhile: the caller reads again.
// params: asOf, identifiers, timeline
// mode: fragment
// row: wanted, customer{id, createdAt, before, profiles[], identifiers[], periods[], later[], sightings[]}, after
WITH wanted, c, c.version AS before
CALL (c) {
  MATCH (c)<-[tie:BELONGS_TO|BELONGED_TO]-(p:Profile)
  WHERE tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
  WITH tie, p
  ORDER BY p.number
  WITH {number: p.number, customerId: p.customerId, source: p.source, sourceId: p.sourceId, firstSeen: p.firstSeen,
        lastSeen: p.lastSeen, traits: p.traits, since: tie.since, totals: p.totals,
        corrected: p.corrected} AS one
  RETURN collect(one) AS profiles
}
CALL (c) {
  MATCH (c)<-[tie:BELONGS_TO|BELONGED_TO]-(p:Profile)
  WHERE $identifiers AND tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
  MATCH (p)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE seen.recordedAt <= $asOf AND CASE WHEN seen.turned IS NULL
    THEN seen.closedAt IS NULL OR seen.closedAt > $asOf
    ELSE size([at IN seen.turned WHERE at <= $asOf]) % 2 = 0 END
  WITH i, min(seen.firstSeen) AS firstSeen, max(seen.lastSeen) AS lastSeen, sum(seen.count) AS times
  ORDER BY lastSeen DESC, i.key DESC
  WITH {key: i.key, namespace: i.namespace, value: i.value, people: i.people, generic: i.generic,
        firstSeen: firstSeen, lastSeen: lastSeen, count: times, isDevice: i.device,
        platform: i.platform, os: i.os, browser: i.browser, model: i.model} AS one
  RETURN collect(one) AS identifiers
}
CALL (c) {
  MATCH (c)<-[tie:BELONGS_TO|BELONGED_TO]-(p:Profile)
  WHERE $timeline AND tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
  MATCH (p)-[:ACTIVE_IN]->(d:Period)
  WHERE d.earliest <= $asOf
  WITH p, d
  ORDER BY d.key
  WITH {key: d.key, count: d.count, earliest: d.earliest, latest: d.latest, source: p.source, sourceId: p.sourceId,
        types: d.types, kinds: d.kinds} AS one
  RETURN collect(one) AS periods
}
CALL (c) {
  MATCH (c)<-[tie:BELONGS_TO|BELONGED_TO]-(p:Profile)
  WHERE $timeline AND tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
  MATCH (p)-[:ACTIVE_IN]->(d:Period)
  WHERE d.recordedAt IS NULL OR d.recordedAt > $asOf
  MATCH (d)-[:HOLDS]->(n:Interaction)
  WHERE n.recordedAt > $asOf
  WITH d.key AS bucket, n.type AS type, n.channel AS channel, n.currency AS currency, count(n) AS count,
       sum(n.amount) AS amount
  WITH {bucket: bucket, type: type, channel: channel, currency: currency, count: count, amount: amount} AS one
  RETURN collect(one) AS later
}
CALL (c) {
  MATCH (c)<-[tie:BELONGS_TO|BELONGED_TO]-(p:Profile)
  WHERE $timeline AND tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
  MATCH (p)-[:SIGHTED]->(n:Interaction)<-[:HOLDS]-(d:Period)
  WHERE n.recordedAt <= $asOf
  WITH p, n, d, COUNT { (n)-[:ABOUT]->() } AS lines
  ORDER BY n.key
  WITH {order: n.orderId, key: n.key, type: n.type, at: n.at, channel: n.channel, amount: n.amount, currency: n.currency,
        lines: lines, source: p.source, sourceId: p.sourceId, bucket: d.key} AS one
  RETURN collect(one) AS sightings
}
WITH wanted, {id: c.id, createdAt: c.createdAt, before: before, profiles: profiles, identifiers: identifiers,
     periods: periods, later: later, sightings: sightings} AS one
WITH collect({wanted: wanted, customer: one}) AS read
UNWIND read AS row
WITH row.wanted AS wanted, row.customer AS customer, row.customer.id AS id
MATCH (now:Customer {id: id})
RETURN wanted, customer, now.version AS after
