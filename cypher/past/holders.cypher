// As of a recorded time: the profiles that held any of these identifiers then, or that hold any of these blocking keys.
// params: identifiers, asOf
// mode: read
// row: see the fragment
// then: past/members
UNWIND $identifiers AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
MATCH (i)<-[held:HAS_IDENTIFIER|HAS_KEY]-(p:Profile)
WHERE type(held) = 'HAS_KEY' OR (held.recordedAt <= $asOf AND CASE WHEN held.turned IS NULL
  THEN held.closedAt IS NULL OR held.closedAt > $asOf
  ELSE size([at IN held.turned WHERE at <= $asOf]) % 2 = 0 END)
WITH DISTINCT p
