// End a key; one that was revoked before keeps the time of that. No row: there is no such key.
// params: id, at
// mode: write
// row: id, name, kind, role, source, createdAt, expiresAt, revokedAt, lastUsedAt
MATCH (k:ApiKey {id: $id})
SET k.revokedAt = coalesce(k.revokedAt, $at)
RETURN k.id AS id, k.name AS name, k.kind AS kind, k.role AS role, k.source AS source,
       k.createdAt AS createdAt, k.expiresAt AS expiresAt, k.revokedAt AS revokedAt, k.lastUsedAt AS lastUsedAt
