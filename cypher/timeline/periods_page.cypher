// The latest periods of customers before a time that hold something of some kinds (null: any): all that reach
// beyond it, and the first that end before it. Periods of old graphs, which do not count by kind, all come.
// So do, with the orders that several sources saw, the periods of these.
// Profiles of $hidden sources are left out.
// params: pages, first, hidden
// mode: read
// row: page (the place in $pages), customer, version, found[{key, count, earliest, latest, source, sourceId, types, kinds}], sightings[{order, key, type, at, channel, amount, currency, lines, source, sourceId, bucket, count, earliest, latest, types, kinds}]
UNWIND $pages AS page
MATCH (c:Customer {id: page.customer})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[:SIGHTED]->(n:Interaction)<-[:HOLDS]-(d:Period)
  WHERE NOT p.source IN $hidden
  WITH p, n, d, COUNT { (n)-[:ABOUT]->() } AS lines
  ORDER BY n.key
  WITH {order: n.orderId, key: n.key, type: n.type, at: n.at, channel: n.channel, amount: n.amount, currency: n.currency,
        lines: lines, source: p.source, sourceId: p.sourceId, bucket: d.key, count: d.count, earliest: d.earliest,
        latest: d.latest, types: d.types, kinds: d.kinds} AS one
  RETURN collect(one) AS sightings
}
WITH page, c, sightings, [one IN sightings | one.bucket] AS doubled
CALL (c, page, doubled) {
  CALL (c, page, doubled) {
    MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[:ACTIVE_IN]->(d:Period)
    WHERE d.latest >= page.since AND d.earliest <= page.at AND NOT d.key IN doubled AND NOT p.source IN $hidden
      AND ((page.needles IS NULL AND d.latest >= page.at)
        OR (page.needles IS NOT NULL AND d.kinds IS NULL)
        OR (d.latest >= page.at AND any(needle IN page.needles WHERE d.kinds CONTAINS needle)))
    RETURN p, d
    UNION
    MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[:ACTIVE_IN]->(d:Period)
    WHERE d.latest >= page.since AND d.latest < page.at AND NOT d.key IN doubled AND NOT p.source IN $hidden
      AND (page.needles IS NULL OR any(needle IN page.needles WHERE d.kinds CONTAINS needle))
    RETURN p, d
    ORDER BY d.latest DESC, d.key DESC
    LIMIT $first
  }
  WITH {key: d.key, count: d.count, earliest: d.earliest, latest: d.latest, source: p.source, sourceId: p.sourceId,
        types: d.types, kinds: d.kinds} AS one
  RETURN collect(one) AS found
}
RETURN page.place AS page, c.id AS customer, c.version AS version, found, sightings
