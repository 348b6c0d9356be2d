// Notes by id, with the profile that each is about.
// params: ids
// mode: read
// row: id, number, text, by, at, withdrawnAt, withdrawnBy, withdrawnReason, profile (its own customer id), customer, version
UNWIND $ids AS wanted
MATCH (x:Note {id: wanted})
USING INDEX SEEK x:Note(id)
MATCH (x)-[:WRITTEN_ABOUT]->(p:Profile)-[:BELONGS_TO]->(c:Customer)
RETURN x.id AS id, x.number AS number, x.text AS text, x.by AS by, x.at AS at, x.withdrawnAt AS withdrawnAt,
       x.withdrawnBy AS withdrawnBy, x.withdrawnReason AS withdrawnReason, p.customerId AS profile, c.id AS customer,
       c.version AS version
