// Erase those of the identifiers that no profile holds any more. One that somebody blocked stays, and nothing of who
// had it: it is to link nobody who comes later either.
// params: keys
// mode: write
// row: none
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
WHERE i.blockedBy IS NULL AND NOT EXISTS { MATCH (i)<-[:HAS_IDENTIFIER|HAS_KEY]-(:Profile) }
DETACH DELETE i
