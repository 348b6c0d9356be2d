// Changes by number.
// params: numbers
// mode: read
// row: seq, at, kind, customerId, fromId, profiles, count, cause, because, by
UNWIND $numbers AS wanted
MATCH (x:Change {seq: wanted})
USING INDEX SEEK x:Change(seq)
RETURN x.seq AS seq, x.at AS at, x.kind AS kind, x.customerId AS customerId, x.fromId AS fromId,
       x.profiles AS profiles, x.count AS count, x.cause AS cause, x.because AS because,
       x.by AS by
