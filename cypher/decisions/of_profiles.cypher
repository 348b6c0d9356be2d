// The decisions on profiles, by the profiles' own customer ids; the withdrawn ones too.
// params: ids
// mode: read
// row: see the fragment
// then: decisions/shown
UNWIND $ids AS wanted
MATCH (p:Profile {customerId: wanted})
USING INDEX SEEK p:Profile(customerId)
MATCH (p)<-[:DECIDES]-(x:Decision)
WITH wanted, x
