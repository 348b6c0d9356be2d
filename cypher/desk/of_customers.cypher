// The desks of the profiles of customers: tickets and calls.
// Profiles of $hidden sources are left out.
// params: ids, hidden
// mode: read
// row: customer, version, desks[{source, desk}]
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)
  WHERE p.desk IS NOT NULL AND NOT p.source IN $hidden
  WITH p
  ORDER BY p.number
  WITH {source: p.source, desk: p.desk} AS one
  RETURN collect(one) AS desks
}
RETURN c.id AS customer, c.version AS version, desks
