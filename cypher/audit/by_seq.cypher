// Entries of the audit log by number, in the order of their numbers.
// params: numbers
// mode: read
// row: seq, id, at, recordedAt, actor, role, action, operation, about[], count, reason, previous, hash
UNWIND $numbers AS wanted
MATCH (e:AuditEntry {seq: wanted})
USING INDEX SEEK e:AuditEntry(seq)
RETURN e.seq AS seq, e.id AS id, e.at AS at, e.recordedAt AS recordedAt, e.actor AS actor, e.role AS role,
       e.action AS action, e.operation AS operation, e.about AS about, e.count AS count, e.reason AS reason,
       e.previous AS previous, e.hash AS hash
ORDER BY seq
