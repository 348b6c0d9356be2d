// Places of a few possible matches, spread over all: ids are random letters, of which these take one in 240.
// scans: a stretch of an index, which the embedded engine calls a range scan
// params: from, to
// mode: read
// row: place
MATCH (m:Match)
USING INDEX SEEK m:Match(id)
WHERE m.id >= $from AND m.id < $to
RETURN m.place AS place
