// Whether the database answers.
// params: none
// mode: read
// row: answer
RETURN 1 AS answer
