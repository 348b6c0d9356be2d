// Corrections by id, with the profile that each is noted at.
// params: ids
// mode: read
// row: id, name, value, reason, by, at, withdrawnAt, withdrawnBy, profile (its key)
UNWIND $ids AS wanted
MATCH (x:Correction {id: wanted})
USING INDEX SEEK x:Correction(id)
MATCH (x)-[:CORRECTS]->(p:Profile)
RETURN x.id AS id, x.name AS name, x.value AS value, x.reason AS reason, x.by AS by, x.at AS at,
       x.withdrawnAt AS withdrawnAt, x.withdrawnBy AS withdrawnBy, p.key AS profile
