// Decisions by id.
// params: ids
// mode: read
// row: see the fragment
// then: decisions/shown
UNWIND $ids AS wanted
MATCH (x:Decision {id: wanted})
USING INDEX SEEK x:Decision(id)
WITH wanted, x
