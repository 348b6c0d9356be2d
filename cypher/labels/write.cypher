// Label pairs of profiles, or label them anew: what was said last of a pair holds.
// params: rows, at, by
// mode: write
// row: id, key
MERGE (n:Counter {key: 'labels'})
ON CREATE SET n.n = 0
SET n.n = n.n + size($rows)
WITH n.n - size($rows) AS last
UNWIND $rows AS row
MERGE (l:Label {key: row.key})
ON CREATE SET l.id = row.id
SET l += {number: last + row.place, same: row.same, at: $at, by: $by}
WITH l, row
UNWIND row.ends AS end
MERGE (p:Profile {key: end.profile})
MERGE (l)-[r:LABELS {key: end.key}]->(p)
WITH DISTINCT l
RETURN l.id AS id, l.key AS key
