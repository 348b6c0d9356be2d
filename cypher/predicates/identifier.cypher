// Customers that hold an identifier.
// params: key
// mode: fragment
// row: none
EXISTS {
  MATCH (c)<-[:BELONGS_TO]-(:Profile)-[held:HAS_IDENTIFIER]->(i:Identifier)
  WHERE held.closedAt IS NULL AND i.key = $key
}
