// What resolution knew of profiles as of a recorded time, given rows of `p`: their customers, links and decisions
// of then. One row in all. A blocking key is there while the traits give it, and traits are today's; so are people
// and generic, but for identifiers that somebody blocked since, or no longer does. Who had no customer then was
// not known.
// params: asOf
// mode: fragment
// row: members[][key, number, customerId, source, traits, customer, household, pending, size, seen, facts, decided[], corrected[], matches[], links[][key, people, generic, holders, used]] (one row)
MATCH (p)-[tie:BELONGS_TO|BELONGED_TO]->(c:Customer)
WHERE tie.since <= $asOf AND (tie.until IS NULL OR tie.until > $asOf)
OPTIONAL MATCH (p)-[seen:HAS_IDENTIFIER|HAS_KEY]->(j:Identifier)
WHERE type(seen) = 'HAS_KEY' OR (seen.recordedAt <= $asOf AND CASE WHEN seen.turned IS NULL
  THEN seen.closedAt IS NULL OR seen.closedAt > $asOf
  ELSE size([at IN seen.turned WHERE at <= $asOf]) % 2 = 0 END)
WITH p, c, j, seen, EXISTS {
  MATCH (j)<-[:DECIDES]-(b:Decision)
  WHERE b.at <= $asOf AND (b.withdrawnAt IS NULL OR b.withdrawnAt > $asOf)
} AS blocked
WITH p, c, collect(CASE WHEN j IS NULL THEN null ELSE [j.key, j.people, blocked OR (j.generic AND j.blockedBy IS NULL),
  j.holders, seen.lastSeen] END) AS links
OPTIONAL MATCH (p)<-[about:DECIDES]-(x:Decision)
WHERE x.at <= $asOf AND (x.withdrawnAt IS NULL OR x.withdrawnAt > $asOf)
WITH p, c, links, collect(x.kind + '|' + x.id + '|' + coalesce(about.side, '')) AS decided
RETURN collect([
  p.key, p.number, p.customerId, p.source, p.traits, c.id, null, null, null, p.lastSeen, null, decided, null, null,
  links]) AS members
