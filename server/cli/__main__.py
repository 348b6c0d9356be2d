"""`python -m server.cli` is `profile-graph`."""

from server.cli import main

main()
