// The decisions in force on profiles, each with all profiles that it is about, the erased ones too.
// params: profiles
// mode: read
// row: id, kind, sides[{profile, side}]
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)<-[:DECIDES]-(x:Decision)
WHERE x.withdrawnAt IS NULL
WITH DISTINCT x
MATCH (x)-[d:DECIDES]->(o:Profile)
WITH x, collect({profile: o.key, side: d.side}) AS sides
RETURN x.id AS id, x.kind AS kind, sides
