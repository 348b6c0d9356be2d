// Give the lock of the migrations back.
// params: holder
// mode: write
// row: none
MATCH (m:Migration {version: 'lock'})
WHERE m.holder = $holder
REMOVE m.holder, m.until
