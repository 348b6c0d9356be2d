// Note when keys were used; of several processes the latest counts.
// params: uses
// mode: write
// row: none
UNWIND $uses AS used
MATCH (k:ApiKey {id: used.id})
SET k.lastUsedAt = CASE WHEN coalesce(k.lastUsedAt, 0) < used.at THEN used.at ELSE k.lastUsedAt END
