// Customers that hold an identifier, at most $most, not by what $hidden sources say; where it is one, with what leads to
// recommendations. Whose a holder is is asked again once the version is read, as in customers/by_ids.
// params: keys, most, hidden
// mode: read
// row: see the fragment
// then: customers/leads
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
CALL (i) {
  MATCH (i)<-[held:HAS_IDENTIFIER]-(p:Profile)-[:BELONGS_TO]->(c:Customer)
  WHERE held.closedAt IS NULL AND NOT p.source IN $hidden
  WITH c, collect(p) AS those
  ORDER BY c.number
  LIMIT $most
  WITH c, head(those) AS holder
  RETURN collect(c) AS found, collect(holder) AS holders, collect(c.version) AS versions
}
UNWIND range(0, size(found) - 1) AS place
WITH wanted, found[place] AS c, holders[place] AS holder, versions[place] AS version, size(found) = 1 AS alone
OPTIONAL MATCH (holder)-[:BELONGS_TO]->(still:Customer)
WITH wanted, c, CASE WHEN still.id = c.id THEN version ELSE null END AS before, alone
