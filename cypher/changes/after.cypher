// The changes after a number, oldest first. Numbers become visible in order and without gaps.
// params: from, to
// mode: read
// row: seq, at, kind, customerId, fromId, profiles, count, cause, because, by
UNWIND range($from, $to) AS wanted
MATCH (x:Change {seq: wanted})
USING INDEX SEEK x:Change(seq)
RETURN x.seq AS seq, x.at AS at, x.kind AS kind, x.customerId AS customerId, x.fromId AS fromId,
       x.profiles AS profiles, x.count AS count, x.cause AS cause, x.because AS because,
       x.by AS by
ORDER BY seq
