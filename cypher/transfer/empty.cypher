// Delete some of what an unfinished transfer left; none deleted says that nothing is left.
// scans: a transfer is about everything
// params: most
// mode: write
// row: deleted (how many)
MATCH (n)
WHERE NOT n:Migration
WITH n
LIMIT $most
DETACH DELETE n
RETURN count(*) AS deleted
