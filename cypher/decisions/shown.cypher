// What is shown of decisions, given rows of what was `wanted` and the decision `x`.
// params: none
// mode: fragment
// row: wanted, id, number, kind, by, at, reason, withdrawnAt, withdrawnBy
RETURN wanted, x.id AS id, x.number AS number, x.kind AS kind, x.by AS by, x.at AS at, x.reason AS reason,
       x.withdrawnAt AS withdrawnAt, x.withdrawnBy AS withdrawnBy
ORDER BY number DESC
