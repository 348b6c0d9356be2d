// Erase those of the identifiers that no profile holds any more.
// params: keys
// mode: write
// row: none
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
WHERE NOT EXISTS { MATCH (i)<-[:HAS_IDENTIFIER|HAS_KEY]-(:Profile) }
DETACH DELETE i
