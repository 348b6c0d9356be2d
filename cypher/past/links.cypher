// What an explanation shows of profiles as of a recorded time: their own ids, their customers, and their links to
// some identifiers, with the times and the counts of today.
// params: profiles, identifiers, asOf
// mode: read
// row: key, sourceId, customer, version, links[{key, value, firstSeen, lastSeen}]
UNWIND $profiles AS wanted
MATCH (p:Profile {key: wanted})
USING INDEX SEEK p:Profile(key)
MATCH (p)-[tie:BELONGS_TO|BELONGED_TO]->(c:Customer)
WHERE tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER]->(i:Identifier)
WHERE i.key IN $identifiers AND seen.recordedAt <= $asOf AND CASE WHEN seen.turned IS NULL
  THEN seen.closedAt IS NULL OR seen.closedAt > $asOf
  ELSE size([at IN seen.turned WHERE at <= $asOf]) % 2 = 0 END
WITH p, c, collect({key: i.key, value: i.value, firstSeen: seen.firstSeen, lastSeen: seen.lastSeen}) AS links
RETURN p.key AS key, p.sourceId AS sourceId, c.id AS customer, c.version AS version, links
