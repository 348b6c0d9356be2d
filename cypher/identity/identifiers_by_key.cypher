// Identifiers by key, as they are shown.
// params: keys
// mode: read
// row: key, namespace, value, people, generic, firstSeen, lastSeen, isDevice, platform, os, browser, model
UNWIND $keys AS wanted
MATCH (i:Identifier {key: wanted})
USING INDEX SEEK i:Identifier(key)
RETURN i.key AS key, i.namespace AS namespace, i.value AS value, i.people AS people, i.generic AS generic,
       i.firstSeen AS firstSeen, i.lastSeen AS lastSeen, i.device AS isDevice, i.platform AS platform,
       i.os AS os, i.browser AS browser, i.model AS model
