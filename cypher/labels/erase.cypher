// Take a label back.
// params: id
// mode: write
// row: id
MATCH (l:Label {id: $id})
USING INDEX SEEK l:Label(id)
WITH l, l.id AS id
DETACH DELETE l
RETURN id
