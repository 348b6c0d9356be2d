"""The command line: `profile-graph`, one file per command."""

from server.cli.app import app
from server.cli.run import reported
from server.collector import collect_seldom


def main() -> None:
    """Run a command; exits 0 ok, 1 failed, 2 wrong usage, 3 done with rejects."""
    collect_seldom()
    with reported():
        app(prog_name="profile-graph")
