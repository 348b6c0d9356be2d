// The number of the newest block of a trail. A trail that there is none of gives no row.
// params: key
// mode: read
// row: block
MATCH (t:AuditTrail {key: $key})
USING INDEX SEEK t:AuditTrail(key)
RETURN t.block AS block
