// How many they are.
// params: none
// mode: fragment
// row: count
RETURN count(c) AS count
