// Take the turn of whoever adds to the audit log: the lock on its head is held until the commit, so that several
// servers make one chain. Also whether an entry is there already: a commit whose answer was lost is repeated.
// params: turn, id
// mode: write
// row: last, hash, at (those of the newest entry; hash and at are null where there is none), written
MERGE (c:Counter {key: 'audit'})
ON CREATE SET c.n = 0
SET c.turn = $turn
WITH c
OPTIONAL MATCH (e:AuditEntry {id: $id})
USING INDEX SEEK e:AuditEntry(id)
RETURN c.n AS last, c.hash AS hash, c.at AS at, e.seq AS written
