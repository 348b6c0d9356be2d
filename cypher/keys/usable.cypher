// Every key that was not revoked and has not expired, with what a secret is compared with.
// params: now, limit
// mode: read
// row: id, hash, name, kind, role, source, createdAt, expiresAt, revokedAt, lastUsedAt
// scans: there are few keys, and all of them are wanted
MATCH (k:ApiKey)
WHERE k.revokedAt IS NULL AND (k.expiresAt IS NULL OR k.expiresAt > $now)
RETURN k.id AS id, k.hash AS hash, k.name AS name, k.kind AS kind, k.role AS role, k.source AS source,
       k.createdAt AS createdAt, k.expiresAt AS expiresAt, k.revokedAt AS revokedAt, k.lastUsedAt AS lastUsedAt
ORDER BY createdAt, id
LIMIT $limit
