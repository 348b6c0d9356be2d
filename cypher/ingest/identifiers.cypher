// What the graph has of identifiers. No map projection inside a map: the embedded engine returns the inner one alone.
// params: keys
// mode: read
// row: found[{key, namespace, value, summary, people, generic, firstSeen, lastSeen, isDevice, platform, os, browser, model}] (one row)
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
WITH {key: i.key, namespace: i.namespace, value: i.value, summary: i.summary, people: i.people,
      generic: i.generic, firstSeen: i.firstSeen, lastSeen: i.lastSeen, isDevice: i.device,
      platform: i.platform, os: i.os, browser: i.browser, model: i.model} AS one
RETURN collect(one) AS found
