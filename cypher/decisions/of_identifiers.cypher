// The decisions on identifiers, the withdrawn ones too.
// params: keys
// mode: read
// row: see the fragment
// then: decisions/shown
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[:DECIDES]-(x:Decision)
WITH wanted, x
