// What the holders of identifiers told of themselves, from which their people are counted.
// params: keys
// mode: read
// row: key, summary, blockedBy (the decision that it links nobody)
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
RETURN i.key AS key, i.summary AS summary, i.blockedBy AS blockedBy
