// What the graph has of periods.
// params: keys
// mode: read
// row: key, profile, at, count, types, kinds, earliest, latest
UNWIND $keys AS wanted
MATCH (d:Period {key: wanted})
USING INDEX SEEK d:Period(key)
RETURN d.key AS key, d.profile AS profile, d.at AS at, d.count AS count, d.types AS types,
       d.kinds AS kinds, d.earliest AS earliest, d.latest AS latest
