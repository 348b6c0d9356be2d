// Create nodes as they were elsewhere, and tell by which element id each is found here.
// params: rows
// mode: write
// row: id (elsewhere), here
UNWIND $rows AS row
CREATE (n)
SET n = row.properties
SET n:$(row.labels)
RETURN row.id AS id, elementId(n) AS here
