// What time it is at the database, in milliseconds.
// params: none
// mode: read
// row: now
RETURN timestamp() AS now
