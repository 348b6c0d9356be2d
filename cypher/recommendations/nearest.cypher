// The customers whose purchases are most like those of each customer, and what these bought lately.
// First hop: the customer's products that tell most, the last bought first and those that a crowd buys last; of each
// at most $crowd buyers, which are all where it is no crowd. A profile weighs 1 / sqrt(buyers) for every product
// shared, by the root of how many it bought. The $nearest profiles lead to the $like customers.
// Where hardly anybody shares a product, those of its household and place stand in, the last seen first.
// Second hop: what all of these bought since $since, by their places. It is added up by whoever asks: the embedded
// engine holds what it groups, and some customers bought hundreds of products.
// Neither lists nor nodes go along where rows are grouped: it keeps each of them for every row.
// unordered: which buyers of a crowd, and which of a city, are as good as any; of all others none is left out
// params: customers, since, telling, crowd, nearest, like, few, place, home, hidden, doubtful, upgrade
// mode: read
// row: see the fragment; found{ids[], weights[], shared[][{products[], firsts[]}], home, place (how many), city, lately[{products[], firsts[], lasts[]}]}
// then: recommendations/basket
UNWIND $customers AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[b:BOUGHT]->(x:Product)
  WHERE b.times > 0 AND x.buyers > 1 AND NOT p.source IN $hidden
  WITH c.id AS own, x.key AS product, x.buyers AS buyers, max(b.last) AS last
  WITH own, product, buyers, last, CASE WHEN buyers <= $crowd THEN 0 ELSE 1 END AS crowded
  ORDER BY crowded, last DESC, buyers, product
  LIMIT $telling
  MATCH (x:Product {key: product})
  USING INDEX SEEK x:Product(key)
  CALL (x) {
    MATCH (x)<-[o:BOUGHT]-(q:Profile)
    RETURN q.key AS profile, q.source AS source, q.products AS count, CASE WHEN $upgrade THEN o.first ELSE null END AS first
    LIMIT $crowd
  }
  WITH own, product, buyers, profile, source, count, first
  WHERE NOT source IN $doubtful
  WITH own, profile, count, sum(1.0 / sqrt(buyers)) AS shared, collect(product) AS products, collect(first) AS firsts
  WITH own, profile, shared / sqrt(count) AS weight, {products: products, firsts: firsts} AS one
  ORDER BY weight DESC, profile
  LIMIT $nearest
  MATCH (q:Profile {key: profile})
  USING INDEX SEEK q:Profile(key)
  MATCH (q)-[:BELONGS_TO]->(n:Customer)
  WHERE n.id <> own
  WITH n, sum(weight) AS weight, collect(one) AS products
  ORDER BY weight DESC, n.number
  LIMIT $like
  WITH n, weight, products
  RETURN collect(n) AS likeNodes, collect(weight) AS likeWeights, collect(n.id) AS likeIds, collect(products) AS likeProducts
}
CALL (c, likeNodes, likeIds) {
  UNWIND CASE WHEN $home AND size(likeNodes) < $few THEN [c.household] ELSE [] END AS home
  MATCH (h:Household {id: home})
  USING INDEX SEEK h:Household(id)
  MATCH (h)<-[:LIVES_IN]-(n:Customer)
  WHERE n.id <> c.id AND NOT n.id IN likeIds
  WITH n
  ORDER BY n.number
  LIMIT $like
  RETURN collect(n) AS homeNodes, collect(n.id) AS homeIds
}
CALL (c, likeNodes, likeIds, homeIds) {
  UNWIND CASE WHEN size(likeNodes) < $few THEN [c.t_city] ELSE [] END AS city
  MATCH (n:Customer {t_city: city})
  USING INDEX SEEK n:Customer(t_city)
  WHERE n.id <> c.id AND NOT n.id IN likeIds AND NOT n.id IN homeIds
  WITH n
  LIMIT $place
  WITH n
  ORDER BY n.bySeen DESC
  LIMIT $like
  RETURN collect(n) AS cityNodes
}
WITH c, likeIds, likeWeights, likeProducts, homeNodes, cityNodes, likeNodes + homeNodes + cityNodes AS nodes
CALL (nodes) {
  UNWIND range(0, size(nodes) - 1) AS place
  WITH place, nodes[place] AS n
  CALL (n) {
    MATCH (n)<-[:BELONGS_TO]-(q:Profile)-[b:BOUGHT]->(y:Product)
    WHERE b.last >= $since AND b.times > 0 AND NOT q.source IN $doubtful
    RETURN collect(y.key) AS products, collect(b.first) AS firsts, collect(b.last) AS lasts
  }
  WITH place, {products: products, firsts: firsts, lasts: lasts} AS one
  ORDER BY place
  RETURN collect(one) AS lately
}
WITH c, {ids: likeIds, weights: likeWeights, shared: likeProducts, home: size(homeNodes), place: size(cityNodes),
     city: c.t_city, lately: lately} AS found
