// Customers by any id they ever had: an id is that of a profile, and the profile knows its customer.
// params: ids
// mode: read
// row: see the fragment
// then: customers/facets
UNWIND $ids AS wanted
MATCH (anchor:Profile {customerId: wanted})
USING INDEX SEEK anchor:Profile(customerId)
MATCH (anchor)-[:BELONGS_TO]->(c:Customer)
WITH wanted, c
