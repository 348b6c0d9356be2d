// Possible matches by id.
// params: ids
// mode: read
// row: see the fragment
// then: matches/shown
UNWIND $ids AS wanted
MATCH (m:Match {id: wanted})
USING INDEX SEEK m:Match(id)
WITH m
