// All possible matches of customers; resolution keeps few of each.
// params: ids
// mode: read
// row: see the fragment
// then: matches/shown
UNWIND $ids AS wanted
MATCH (one:Customer {id: wanted})
USING INDEX SEEK one:Customer(id)
MATCH (one)<-[:BETWEEN]-(m:Match)
WITH DISTINCT m
