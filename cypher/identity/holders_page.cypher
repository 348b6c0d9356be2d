// The next profiles that hold an identifier, by number, with the customers they belong to.
// params: pages, first
// mode: read
// row: page (the place in $pages), found[]
UNWIND $pages AS page
MATCH (i:Identifier {key: page.identifier})
USING INDEX SEEK i:Identifier(key)
CALL (i, page) {
  MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)-[b:BELONGS_TO]->(c:Customer)
  WHERE held.closedAt IS NULL AND p.number > page.after
  WITH b, p, c
  ORDER BY p.number
  LIMIT $first
  WITH {number: p.number, customerId: p.customerId, source: p.source, sourceId: p.sourceId, firstSeen: p.firstSeen,
        lastSeen: p.lastSeen, traits: p.traits, since: b.since, customer: c.id, version: c.version} AS one
  RETURN collect(one) AS found
}
RETURN page.place AS page, found
