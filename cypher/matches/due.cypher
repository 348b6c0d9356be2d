// The first possible matches of a stretch of the order whose time has come, of one kind if asked.
// scans: a stretch of an index, which the embedded engine calls a range scan
// params: now, after, before, kind, most
// mode: read
// row: id, place
MATCH (m:Match)
USING INDEX SEEK m:Match(until)
WHERE m.until > 0 AND m.until <= $now AND m.place > $after AND m.place < $before
  AND ($kind IS NULL OR m.kind = $kind)
RETURN m.id AS id, m.place AS place
ORDER BY place
LIMIT $most
