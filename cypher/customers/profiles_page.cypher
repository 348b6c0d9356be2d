// The next profiles of customers, by number.
// params: pages, first
// mode: read
// row: page (the place in $pages), customer, version, found[]
UNWIND $pages AS page
MATCH (c:Customer {id: page.customer})
USING INDEX SEEK c:Customer(id)
CALL (c, page) {
  MATCH (c)<-[b:BELONGS_TO]-(p:Profile)
  WHERE p.number > page.after
  WITH b, p
  ORDER BY p.number
  LIMIT $first
  WITH {number: p.number, customerId: p.customerId, source: p.source, sourceId: p.sourceId, firstSeen: p.firstSeen,
        lastSeen: p.lastSeen, traits: p.traits, since: b.since} AS one
  RETURN collect(one) AS found
}
RETURN page.place AS page, c.id AS customer, c.version AS version, found
