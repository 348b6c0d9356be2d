// How many possible matches there are of each kind, as they stand at a time, and since when the oldest is one.
// scans: all of them are counted
// params: now
// mode: read
// row: status, kind, matches, oldest
MATCH (m:Match)
WITH CASE WHEN m.status = 'snoozed' AND m.until <= $now THEN 'open' ELSE m.status END AS status,
     m.kind AS kind, m.since AS since
RETURN status, kind, count(*) AS matches, min(since) AS oldest
ORDER BY status, kind
