// Customers of some buckets, with all that an export shows.
// params: buckets
// mode: read
// row: number, id, before, traits, profiles[{source, sourceId, number}], identifiers[{namespace, value, key}], after
UNWIND $buckets AS bucket
MATCH (c:Customer {bucket: bucket})
USING INDEX SEEK c:Customer(bucket)
WITH c, c.version AS before
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)
  WITH p
  ORDER BY p.number
  RETURN collect({source: p.source, sourceId: p.sourceId, number: p.number}) AS profiles
}
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(:Profile)-[seen:HAS_IDENTIFIER]->(i:Identifier)
  WHERE seen.closedAt IS NULL
  WITH DISTINCT i
  ORDER BY i.key
  RETURN collect({namespace: i.namespace, value: i.value, key: i.key}) AS identifiers
}
WITH collect({number: c.number, id: c.id, before: before, traits: c.traits, profiles: profiles,
     identifiers: identifiers}) AS read
UNWIND read AS row
WITH row, row.id AS id
MATCH (now:Customer {id: id})
USING INDEX SEEK now:Customer(id)
RETURN row.number AS number, row.id AS id, row.before AS before, row.traits AS traits, row.profiles AS profiles,
       row.identifiers AS identifiers, now.version AS after
ORDER BY number
