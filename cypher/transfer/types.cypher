// The types of relationships that there are.
// scans: a transfer is about everything
// params: none
// mode: read
// row: type, count
MATCH ()-[r]->()
RETURN type(r) AS type, count(*) AS count
ORDER BY type
