// Changes of some numbers by kind and UTC day.
// params: from, to
// mode: read
// row: day (since 1970), kind, changes, first (the lowest number)
UNWIND range($from, $to) AS wanted
MATCH (x:Change {seq: wanted})
USING INDEX SEEK x:Change(seq)
WITH x.at / 86400000 AS day, x.kind AS kind, x.seq AS seq
RETURN day, kind, count(seq) AS changes, min(seq) AS first
