// The next identifiers of customers, the last seen first; devices alone where $devices; of no $hidden sources.
// params: pages, first, devices, hidden
// mode: read
// row: page (the place in $pages), customer, version, found[]
UNWIND $pages AS page
MATCH (c:Customer {id: page.customer})
USING INDEX SEEK c:Customer(id)
CALL (c, page) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE seen.closedAt IS NULL AND NOT p.source IN $hidden AND (NOT $devices OR i.device)
  WITH i, page, min(seen.firstSeen) AS firstSeen, max(seen.lastSeen) AS lastSeen, sum(seen.count) AS times
  WHERE lastSeen < page.at OR (lastSeen = page.at AND i.key < page.key)
  WITH i, firstSeen, lastSeen, times
  ORDER BY lastSeen DESC, i.key DESC
  LIMIT $first
  WITH {key: i.key, namespace: i.namespace, value: i.value, people: i.people, generic: i.generic,
        firstSeen: firstSeen, lastSeen: lastSeen, count: times,
        platform: i.platform, os: i.os, browser: i.browser, model: i.model} AS one
  RETURN collect(one) AS found
}
RETURN page.place AS page, c.id AS customer, c.version AS version, found
