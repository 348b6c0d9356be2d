// Profiles by the customer ids that they were given, as resolution knows them; of one that was erased the one that
// succeeded it.
// params: ids
// mode: read
// row: see the fragment
// then: identity/members
UNWIND $ids AS wanted
MATCH (anchor:Profile {customerId: wanted})
USING INDEX SEEK anchor:Profile(customerId)
OPTIONAL MATCH (anchor)-[:SUCCEEDED_BY]->(heir:Profile)
WITH coalesce(heir, anchor) AS p
MATCH (p)-[:BELONGS_TO]->(:Customer)
WITH DISTINCT p
