// The customers whose purchases are most like those of each customer, and what these bought lately that it never did.
// First hop: the customer's products that tell most, the last bought first and those that a crowd buys last; of each
// at most $crowd buyers, which are all where it is no crowd. A profile weighs 1 / sqrt(buyers) for every product
// shared, by the root of how many it bought.
// The $nearest profiles lead to the $like customers. Second hop: what these bought since $since; the customer itself
// goes along as place -1, so that what it has is told from what is new. Half of a purchase's weight is gone after
// $half milliseconds, and what everybody buys is worth a little less.
// Where hardly anybody shares a product, those of its household and place stand in, the last seen first.
// With $upgrade only what costs more than the cheapest of its category that the customer bought.
// Neither lists nor nodes go along where rows are grouped: the embedded engine keeps each of them for every row.
// unordered: which buyers of a crowd, and which of a city, are as good as any; of all others none is left out
// params: customers, now, since, half, telling, crowd, nearest, like, few, place, home, beside, hidden, doubtful, upgrade, most
// mode: read
// row: see the fragment; found{ids[], weights[], shared[][{products[], firsts[]}], home, place (how many), city, products[{product, name, category, price, currency, buyers, score, buyerPlaces[], lasts[], firsts[]}]}
// then: recommendations/basket
UNWIND $customers AS wanted
MATCH (c:Customer {id: wanted})
USING INDEX SEEK c:Customer(id)
CALL (c) {
  MATCH (c)<-[:BELONGS_TO]-(p:Profile)-[b:BOUGHT]->(x:Product)
  WHERE $upgrade AND b.times > 0 AND x.price IS NOT NULL AND x.category IS NOT NULL AND NOT p.source IN $hidden
  WITH x.category AS category, x.currency AS currency, min(x.price) AS least
  WITH {category: category, currency: currency, least: least} AS one
  RETURN collect(one) AS mine
}
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
WITH c, mine, likeIds, likeWeights, likeProducts, homeNodes, cityNodes, likeNodes + homeNodes + cityNodes AS nodes
CALL (c, mine, likeWeights, nodes) {
  UNWIND range(-1, size(nodes) - 1) AS place
  WITH mine, place, CASE WHEN place < 0 THEN c ELSE nodes[place] END AS n,
       CASE WHEN place < 0 THEN 0.0 WHEN place < size(likeWeights) THEN likeWeights[place] ELSE $beside END AS weight
  MATCH (n)<-[:BELONGS_TO]-(q:Profile)-[b:BOUGHT]->(y:Product)
  WHERE place < 0 OR (b.last >= $since AND b.times > 0 AND NOT q.source IN $doubtful
    AND (NOT $upgrade OR any(x IN mine WHERE x.category = y.category AND x.currency = y.currency AND x.least < y.price)))
  WITH y.key AS product, y.buyers AS buyers, place, weight, max(b.last) AS last, min(b.first) AS first
  WITH product, buyers, min(place) AS lowest, sum(weight * exp((last - $now) / $half)) AS score,
       collect(place) AS buyerPlaces, collect(last) AS lasts, collect(first) AS firsts
  WHERE lowest >= 0
  WITH product, score / exp(0.1 * log(buyers)) AS score, buyerPlaces, lasts, firsts
  ORDER BY score DESC, product
  LIMIT $most
  MATCH (y:Product {key: product})
  USING INDEX SEEK y:Product(key)
  WITH {product: y.key, name: y.name, category: y.category, price: y.price, currency: y.currency, buyers: y.buyers,
        score: score, buyerPlaces: buyerPlaces, lasts: lasts, firsts: firsts} AS one
  RETURN collect(one) AS products
}
WITH c, {ids: likeIds, weights: likeWeights, shared: likeProducts, home: size(homeNodes), place: size(cityNodes),
     city: c.t_city, products: products} AS found
