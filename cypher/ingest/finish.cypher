// End a batch: the numbers given last, and the changes it made. They become visible with the commit,
// in order and without gaps.
// params: changes, profiles, rows
// mode: write
// row: none
MERGE (c:Counter {key: 'changes'})
SET c.n = $changes
MERGE (p:Counter {key: 'profiles'})
SET p.n = $profiles
WITH c
UNWIND $rows AS row
CREATE (x:Change {seq: row.seq})
SET x += row
