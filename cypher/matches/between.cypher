// The first possible matches of a stretch of the order, of one kind if asked, snoozed beyond a time if asked. What they
// are is read by their ids: with more clauses the embedded engine leaves the index and goes through all.
// scans: a stretch of an index, which the embedded engine calls a range scan
// params: after, before, kind, beyond, most
// mode: read
// row: id, place
MATCH (m:Match)
USING INDEX SEEK m:Match(place)
WHERE m.place > $after AND m.place < $before AND ($kind IS NULL OR m.kind = $kind)
  AND ($beyond IS NULL OR m.until > $beyond)
RETURN m.id AS id, m.place AS place
ORDER BY place
LIMIT $most
