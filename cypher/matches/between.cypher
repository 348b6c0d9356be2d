// The first possible matches of a stretch of the order, of one kind if asked, snoozed beyond a time if asked.
// params: after, before, kind, beyond, most
// mode: read
// row: see the fragment
// then: matches/shown
MATCH (m:Match)
USING INDEX SEEK m:Match(place)
WHERE m.place > $after AND m.place < $before AND ($kind IS NULL OR m.kind = $kind)
  AND ($beyond IS NULL OR m.until > $beyond)
WITH m
ORDER BY m.place
LIMIT $most
