// Customers by any id they ever had: an id is that of a profile, and the profile, or the one that succeeded
// it when it was erased, knows its customer. It is asked again once the version is read: a profile that was moved
// in between would be shown with the customer that it left, whose version has been the same since.
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
WITH wanted, known, c, c.version AS version
OPTIONAL MATCH (known)-[:BELONGS_TO]->(still:Customer)
WITH wanted, c, CASE WHEN still.id = c.id THEN version ELSE null END AS before, null AS leads
