// When entries were recorded; the times of a log never go back.
// params: numbers
// mode: read
// row: seq, recordedAt
UNWIND $numbers AS wanted
MATCH (e:AuditEntry {seq: wanted})
USING INDEX SEEK e:AuditEntry(seq)
RETURN e.seq AS seq, e.recordedAt AS recordedAt
ORDER BY seq
