"""Progress of long work, on standard error and only on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from server.cli.run import console

# What is done of what there is (None where nobody knows), and how many units that are.
Tell = Callable[[int, int | None, int], None]


class _Rate(ProgressColumn):
    """How many so far, and a second."""

    def render(self, task: Task) -> Text:
        count, unit = task.fields["count"], task.fields["unit"]
        rate = f", {count / task.elapsed:,.0f}/s" if task.elapsed else ""
        return Text(f"{count:,} {unit}{rate}")


@contextmanager
def progress(what: str, unit: str) -> Iterator[Tell]:
    """A bar for `what`, with the rate of its `unit` and the remaining time; gone at the end."""
    columns = (TextColumn("{task.description}"), BarColumn(), _Rate(), TimeRemainingColumn())
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with bar:
        task = bar.add_task(what, total=None, count=0, unit=unit)

        def tell(done: int, total: int | None, count: int) -> None:
            bar.update(task, completed=done, total=total, count=count)

        yield tell
