// Erase those of the tokens that lead to nobody any more: they were made of somebody's name.
// params: keys
// mode: write
// row: none
UNWIND $keys AS wanted
MATCH (t:Token {key: wanted})
USING INDEX SEEK t:Token(key)
WHERE NOT EXISTS { MATCH (t)<-[:FOUND_BY]-(:Customer) }
DETACH DELETE t
