// The customers that hold any of some identifiers, or held it, with how: those who were seen with it last. `people`
// and `generic` are the identifier's own, `holding` says how many customers there are. Of a generic one, which very
// many may hold, none are asked for, and `holding` counts its links.
// params: keys, most
// mode: read
// row: key, people, generic, holding, holders[{customer, version, firstSeen, lastSeen, count, open, sources[]}]
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
CALL (i) {
  MATCH (i)<-[seen:HAS_IDENTIFIER]-(p:Profile)-[:BELONGS_TO]->(c:Customer)
  WHERE NOT i.generic
  WITH c, p, seen
  ORDER BY p.number
  WITH c, min(seen.firstSeen) AS firstSeen, max(seen.lastSeen) AS lastSeen, sum(seen.count) AS times,
       sum(CASE WHEN seen.closedAt IS NULL THEN 1 ELSE 0 END) AS open, collect(DISTINCT p.source) AS sources
  ORDER BY lastSeen DESC, c.id
  WITH {customer: c.id, version: c.version, firstSeen: firstSeen, lastSeen: lastSeen, count: times, open: open,
        sources: sources} AS one
  RETURN collect(one) AS every
}
RETURN i.key AS key, i.people AS people, i.generic AS generic,
       CASE WHEN i.generic THEN i.holders ELSE size(every) END AS holding, every[0..$most] AS holders
