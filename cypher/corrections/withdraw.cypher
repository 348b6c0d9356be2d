// Withdraw a correction. It stays, with who did it and when; the profile forgets it. `left` are the others noted
// there; null where there are none.
// params: id, profile, by, at, left
// mode: write
// row: id
MERGE (x:Correction {id: $id})
SET x += {withdrawnAt: $at, withdrawnBy: $by}
WITH x
MERGE (p:Profile {key: $profile})
SET p.corrected = $left
RETURN x.id AS id
