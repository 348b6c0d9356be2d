// Every key there has been, in the order of making, without its hash.
// params: none
// mode: read
// row: id, name, kind, role, source, createdAt, expiresAt, revokedAt, lastUsedAt
// scans: there are few keys, and all of them are wanted
MATCH (k:ApiKey)
RETURN k.id AS id, k.name AS name, k.kind AS kind, k.role AS role, k.source AS source,
       k.createdAt AS createdAt, k.expiresAt AS expiresAt, k.revokedAt AS revokedAt, k.lastUsedAt AS lastUsedAt
ORDER BY createdAt, id
