// Withdraw a note. It stays, with who did it, when and why.
// params: id, by, at, reason
// mode: write
// row: id
MERGE (x:Note {id: $id})
SET x += {withdrawnAt: $at, withdrawnBy: $by, withdrawnReason: $reason}
RETURN x.id AS id
