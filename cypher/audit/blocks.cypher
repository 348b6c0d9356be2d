// The numbers of entries in some blocks of a trail.
// params: keys
// mode: read
// row: key, numbers[]
UNWIND $keys AS wanted
MATCH (b:AuditBlock {key: wanted})
USING INDEX SEEK b:AuditBlock(key)
RETURN b.key AS key, b.numbers AS numbers
