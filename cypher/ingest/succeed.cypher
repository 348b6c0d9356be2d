// Name the successors of erased profiles, by which the ids of their customers are still found; who was
// succeeded by one of them before is succeeded by its successor now. All are there: MERGE seeks them.
// params: rows
// mode: write
// row: none
UNWIND $rows AS row
MATCH (p:Profile {key: row.profile})
USING INDEX SEEK p:Profile(key)
OPTIONAL MATCH (earlier:Profile)-[before:SUCCEEDED_BY]->(p)
DELETE before
WITH p, row, collect(earlier.key) AS earlier
UNWIND earlier + [row.profile] AS gone
MERGE (t:Profile {key: gone})
MERGE (heir:Profile {key: row.heir})
CREATE (t)-[:SUCCEEDED_BY {key: gone}]->(heir)
