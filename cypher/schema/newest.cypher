// The numbers given last, and whether what they were given to is there: written last, it is missed first.
// params: none
// mode: read
// row: key, n, profiles, changes (how many have that number)
UNWIND ['changes', 'profiles'] AS wanted
MATCH (c:Counter {key: wanted})
USING INDEX SEEK c:Counter(key)
OPTIONAL MATCH (p:Profile {number: c.n})
WHERE wanted = 'profiles'
OPTIONAL MATCH (x:Change {seq: c.n})
WHERE wanted = 'changes'
RETURN wanted AS key, c.n AS n, count(DISTINCT p) AS profiles, count(DISTINCT x) AS changes
