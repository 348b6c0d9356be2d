// Take the lock of the migrations for `holder`, unless somebody else holds it and has not run out of time.
// params: holder, now, until
// mode: write
// row: holder (who has it now)
MERGE (m:Migration {version: 'lock'})
SET m.asked = $now
WITH m
SET m.holder = CASE WHEN m.holder IS NULL OR m.until < $now THEN $holder ELSE m.holder END
SET m.until = CASE WHEN m.holder = $holder THEN $until ELSE m.until END
RETURN m.holder AS holder
