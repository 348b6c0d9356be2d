"""IdentityHealth: what may be wrong with identities."""
