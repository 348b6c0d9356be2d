// Take the mark of a transfer away.
// params: none
// mode: write
// row: none
MATCH (m:Migration {version: 'transfer'})
DETACH DELETE m
