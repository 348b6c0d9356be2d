// Whether there is anything besides the record of the migrations.
// scans: it ends at the first
// params: none
// mode: read
// row: full
RETURN EXISTS { MATCH (n) WHERE NOT n:Migration } AS full
