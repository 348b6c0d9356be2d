// Labels by id.
// params: ids
// mode: read
// row: see the fragment
// then: labels/shown
UNWIND $ids AS wanted
MATCH (l:Label {id: wanted})
USING INDEX SEEK l:Label(id)
WITH wanted, l
