// The customers of the profiles nearest to a customer, the heaviest first, and what these bought lately.
// Where hardly anybody shares a product, those of its household and place stand in, the last seen first.
// What they bought since $since, and whenever it was of what is $owned, comes by their places, a list for each purchase.
// It is added up by whoever asks: the embedded engine holds what it groups, and some bought hundreds of products.
// Neither lists nor nodes go along where rows are grouped: it keeps each of them for every row.
// unordered: which customers of a city are looked at is as good as any; of all others none is left out
// params: customer, near, since, owned, like, few, place, home, doubtful
// mode: read
// row: version, ids[], weights[], profiles[][] (numbers), home, place (how many), lately[][[product, first, last, name, category, price, currency, buyers]]
MATCH (c:Customer {id: $customer})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  UNWIND $near AS one
  MATCH (q:Profile {number: one.number})
  USING INDEX SEEK q:Profile(number)
  MATCH (q)-[:BELONGS_TO]->(n:Customer)
  WHERE n.id <> c.id
  WITH n, sum(one.weight) AS weight, collect(one.number) AS profiles
  ORDER BY weight DESC, n.number
  LIMIT $like
  RETURN collect(n) AS likeNodes, collect(weight) AS weights, collect(n.id) AS ids, collect(profiles) AS profiles
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
  RETURN collect(n) AS cityNodes
}
WITH c, ids, weights, profiles, homeNodes, cityNodes, likeNodes + homeNodes + cityNodes AS nodes
CALL (nodes) {
  UNWIND range(0, size(nodes) - 1) AS place
  WITH place, nodes[place] AS n
  CALL (n) {
    MATCH (n)<-[:BELONGS_TO]-(q:Profile)-[b:BOUGHT]->(y:Product)
    WHERE b.times > 0 AND (b.last >= $since OR y.key IN $owned) AND NOT q.source IN $doubtful
    RETURN collect([y.key, b.first, b.last, y.name, y.category, y.price, y.currency, y.buyers]) AS one
  }
  WITH place, one
  ORDER BY place
  RETURN collect(one) AS lately
}
RETURN c.version AS version, ids, weights, profiles, size(homeNodes) AS home,
       size(cityNodes) AS place, lately
