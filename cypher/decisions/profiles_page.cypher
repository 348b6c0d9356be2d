// The next profiles that decisions are about, by number, without those that were erased.
// params: pages, first
// mode: read
// row: page (the place in $pages), found[]
UNWIND $pages AS page
MATCH (x:Decision {id: page.decision})
USING INDEX SEEK x:Decision(id)
CALL (x, page) {
  MATCH (x)-[d:DECIDES]->(p:Profile)-[b:BELONGS_TO]->(c:Customer)
  WHERE p.number > page.after
  WITH d, b, p, c
  ORDER BY p.number
  LIMIT $first
  WITH {side: d.side, number: p.number, customerId: p.customerId, source: p.source, sourceId: p.sourceId,
        firstSeen: p.firstSeen, lastSeen: p.lastSeen, traits: p.traits, since: b.since, customer: c.id,
        version: c.version} AS one
  RETURN collect(one) AS found
}
RETURN page.place AS page, found
