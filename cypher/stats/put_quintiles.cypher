// Put what divides buyers into fifths in the place of what did; currencies without enough buyers have nothing.
// params: dropped, rows
// mode: write
// row: done
UNWIND $dropped AS wanted
MATCH (q:Quintiles {key: wanted})
USING INDEX SEEK q:Quintiles(key)
DETACH DELETE q
WITH count(*) AS done
UNWIND $rows AS row
MERGE (q:Quintiles {key: row.key})
SET q.text = row.text
RETURN count(*) AS done
