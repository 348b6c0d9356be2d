// The customers of households, at most $most of each, by number.
// params: ids, most
// mode: read
// row: household, customers[] (ids)
UNWIND $ids AS wanted
MATCH (h:Household {id: wanted})
USING INDEX SEEK h:Household(id)
CALL (h) {
  MATCH (h)<-[:LIVES_IN]-(c:Customer)
  WITH c
  ORDER BY c.number
  LIMIT $most
  RETURN collect(c.id) AS customers
}
RETURN h.id AS household, customers
