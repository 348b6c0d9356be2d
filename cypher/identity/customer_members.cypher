// The profiles of customers, as resolution knows them.
// params: ids
// mode: read
// row: see the fragment
// then: identity/members
UNWIND $ids AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
MATCH (c)<-[:BELONGS_TO]-(p:Profile)
WITH DISTINCT p
