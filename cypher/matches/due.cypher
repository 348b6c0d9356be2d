// The first possible matches of a stretch of the order whose time has come, of one kind if asked.
// params: now, after, before, kind, most
// mode: read
// row: see the fragment
// then: matches/shown
MATCH (m:Match)
USING INDEX SEEK m:Match(until)
WHERE m.until <= $now AND m.place > $after AND m.place < $before AND ($kind IS NULL OR m.kind = $kind)
WITH m
ORDER BY m.place
LIMIT $most
