"""The commands of `profile-graph`."""

import typer

from server.cli.audit import audit
from server.cli.backup import backup, restore
from server.cli.demo import demo
from server.cli.doctor import doctor
from server.cli.export import export
from server.cli.import_files import import_files
from server.cli.keys import keys
from server.cli.labels import labels
from server.cli.migrate import migrate
from server.cli.policy import policy
from server.cli.resolve import resolve
from server.cli.roles import roles
from server.cli.schema import schema
from server.cli.serve import serve
from server.cli.transfer import transfer

app = typer.Typer(
    help="Who is this customer, and what should we do for them?",
    no_args_is_help=True,
    add_completion=False,
    # An unexpected error is for us: the plain traceback, without the values of local variables.
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(demo)
app.command()(migrate)
app.command("import")(import_files)
app.add_typer(export)
app.command()(resolve)
app.add_typer(policy, name="policy")
app.add_typer(labels, name="labels")
app.add_typer(keys, name="keys")
app.add_typer(audit, name="audit")
app.command()(doctor)
app.command()(backup)
app.command()(restore)
app.command()(transfer)
app.command()(roles)
app.command()(schema)
