// Mark that a transfer into this database has begun: until it has ended, no server works on it.
// params: at
// mode: write
// row: none
MERGE (m:Migration {version: 'transfer'})
SET m.at = $at
