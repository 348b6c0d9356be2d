// The customers of the profiles nearest to a customer, and what these bought lately.
// Where hardly anybody shares a product, those of its household and place stand in, the last seen first.
// What they bought since $since, and for $upgrades whenever it was of what is $owned, is a list for each purchase: what
// makes a Product of it comes in the order of its fields. Without $upgrades no older purchase's product is looked at.
// It is added up by whoever asks: the embedded engine holds what it groups, and some bought hundreds of products.
// Neither lists nor nodes go along where rows are grouped: it keeps each of them for every row.
// unordered: which customers of a city are looked at is as good as any; of all others none is left out
// params: customer, near, since, upgrades, owned, like, few, place, home, doubtful
// mode: read
// row: version, ids[], profiles[][[number, how many products]], home[] and place[] (ids), lately[[id, [[product, first, last, name, category, price, currency, buyers]]]]
MATCH (c:Customer {id: $customer})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  UNWIND $near AS number
  MATCH (q:Profile {number: number})
  USING INDEX SEEK q:Profile(number)
  WHERE NOT q.source IN $doubtful
  MATCH (q)-[:BELONGS_TO]->(n:Customer)
  WHERE n.id <> c.id
  WITH n, collect([number, coalesce(q.products, 1)]) AS profiles
  ORDER BY n.number
  RETURN collect(n) AS likeNodes, collect(n.id) AS ids, collect(profiles) AS profiles
}
CALL (c, ids) {
  UNWIND CASE WHEN $home AND size(ids) < $few THEN [c.household] ELSE [] END AS home
  MATCH (h:Household {id: home})
  USING INDEX SEEK h:Household(id)
  MATCH (h)<-[:LIVES_IN]-(n:Customer)
  WHERE n.id <> c.id AND NOT n.id IN ids
  WITH n
  ORDER BY n.number
  LIMIT $like
  RETURN collect(n) AS homeNodes, collect(n.id) AS homeIds
}
CALL (c, ids, homeIds) {
  UNWIND CASE WHEN size(ids) < $few THEN [c.t_city] ELSE [] END AS city
  MATCH (n:Customer {t_city: city})
  USING INDEX SEEK n:Customer(t_city)
  WHERE n.id <> c.id AND NOT n.id IN ids AND NOT n.id IN homeIds
  WITH n
  LIMIT $place
  WITH n
  ORDER BY n.bySeen DESC
  LIMIT $like
  RETURN collect(n) AS cityNodes, collect(n.id) AS cityIds
}
WITH c, ids, profiles, homeIds, cityIds, likeNodes + homeNodes + cityNodes AS nodes
CALL (nodes) {
  UNWIND nodes AS n
  CALL (n) {
    MATCH (n)<-[:BELONGS_TO]-(q:Profile)-[b:BOUGHT]->(y:Product)
    WHERE (b.last >= $since OR ($upgrades AND y.key IN $owned)) AND b.times > 0 AND NOT q.source IN $doubtful
    RETURN collect([y.key, b.first, b.last, y.name, y.category, y.price, y.currency, y.buyers]) AS one
  }
  RETURN collect([n.id, one]) AS lately
}
RETURN c.version AS version, ids, profiles, homeIds AS home, cityIds AS place, lately
