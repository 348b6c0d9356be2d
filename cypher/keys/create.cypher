// Keep a new key, of whose secret only the hash is known.
// params: id, hash, name, kind, role, source, createdAt, expiresAt
// mode: write
// row: none
CREATE (k:ApiKey {id: $id, hash: $hash, name: $name, kind: $kind, role: $role, createdAt: $createdAt})
SET k.source = $source, k.expiresAt = $expiresAt
