// Whether a transfer into this database has begun and not ended.
// params: none
// mode: read
// row: at
MATCH (m:Migration {version: 'transfer'})
RETURN m.at AS at
