// Values that were refused.
// scans: there is one for a source, a namespace and a reason
// params: most
// mode: read
// row: source, namespace, reason, count, lastAt
MATCH (r:Refusal)
WITH r
ORDER BY r.n DESC, r.key
LIMIT $most
RETURN r.source AS source, r.namespace AS namespace, r.reason AS reason, r.n AS count, r.lastAt AS lastAt
