// Customers that were found for a page, {id, place} each, with the places where they stand. A statement of its own, since
// Neo4j takes half a second to plan the facets, and each condition is another text.
// params: found
// mode: read
// row: see the fragment
// then: customers/facets
UNWIND $found AS one
MATCH (c:Customer {id: one.id})
USING INDEX SEEK c:Customer(id)
WITH one.place AS wanted, c, c.version AS before, null AS leads
