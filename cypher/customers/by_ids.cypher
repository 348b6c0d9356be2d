// Customers by any id they ever had: an id is that of a profile, and the profile, or the one that succeeded
// it when it was erased, knows its customer.
// params: ids
// mode: read
// row: see the fragment
// then: customers/facets
UNWIND $ids AS wanted
MATCH (anchor:Profile {customerId: wanted})
USING INDEX SEEK anchor:Profile(customerId)
OPTIONAL MATCH (anchor)-[:SUCCEEDED_BY]->(heir:Profile)
WITH wanted, coalesce(heir, anchor) AS known
MATCH (known)-[:BELONGS_TO]->(c:Customer)
WITH wanted, c, null AS leads
