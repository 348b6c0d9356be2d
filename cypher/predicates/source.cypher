// Customers of whom one of some sources knows.
// params: sources
// mode: fragment
// row: none
EXISTS {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)
  WHERE p.source IN $sources
}
