// Take the writers' turn: the lock on the counter is held until the commit, so no two writers decide on
// stale components. Also enters the sources that a batch speaks for, and says which policy is in force.
// Whose turn it was before is read under the lock, which the first SET takes.
// params: turn, sources
// mode: write
// row: changes, profiles (the numbers given last), policy (its version), before (the turn that was the last one)
MERGE (c:Counter {key: 'changes'})
ON CREATE SET c.n = 0
SET c.taken = true
WITH c, c.turn AS before
SET c.turn = $turn
WITH c, before
MERGE (p:Counter {key: 'profiles'})
ON CREATE SET p.n = 0
MERGE (y:Counter {key: 'policy'})
ON CREATE SET y.n = 0
FOREACH (row IN $sources |
  MERGE (s:Source {name: row.name})
  SET s += {kind: row.kind, priority: row.priority, trusted: row.trusted})
RETURN c.n AS changes, p.n AS profiles, y.n AS policy, before
