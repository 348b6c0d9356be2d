"""Other people's attack tools against a server in production mode; not a part of the tests."""
