// Add entries to the audit log, and their numbers to the trails of whom they name and who acted. A trail is a
// list in blocks: its node knows the newest block, and one that is full is followed by the next.
// params: entries, trails, full, last, hash, at
// mode: write
// row: done
UNWIND $entries AS row
CREATE (e:AuditEntry {seq: row.seq})
SET e += row
WITH count(*) AS done
UNWIND $trails AS row
MERGE (t:AuditTrail {key: row.key})
ON CREATE SET t.block = 0, t.size = 0
WITH t, row, CASE WHEN t.size >= $full THEN 1 ELSE 0 END AS next
SET t.size = CASE next WHEN 1 THEN 0 ELSE t.size END + size(row.numbers), t.block = t.block + next
MERGE (b:AuditBlock {key: row.key + '|' + toString(t.block)})
SET b.numbers = coalesce(b.numbers, []) + row.numbers
WITH count(*) AS done
MERGE (c:Counter {key: 'audit'})
SET c.n = $last, c.hash = $hash, c.at = $at
RETURN done
