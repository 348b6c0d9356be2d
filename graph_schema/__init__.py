"""GraphQL and nothing else: types, resolvers, loaders, connections, errors; a folder a noun."""
