"""Two pieces of work at once: the database's and this process's."""

import asyncio
import threading

import pytest

from customers.together import aside, meanwhile, together


class Work:
    """Comes to `value`, or raises it, after some turns of the loop."""

    def __init__(self, value: str | Exception, turns: int = 0) -> None:
        self.value, self.turns, self.done = value, turns, False

    async def __call__(self) -> str:
        for _ in range(self.turns):
            await asyncio.sleep(0)
        self.done = True
        if isinstance(self.value, Exception):
            raise self.value
        return self.value


@pytest.mark.parametrize(("first", "second"), [(0, 3), (3, 0)])
async def test_both_results_come_in_their_order(first: int, second: int) -> None:
    assert await together(Work("a", first)(), Work("b", second)()) == ("a", "b")


async def test_an_error_waits_for_the_other_to_end() -> None:
    other = Work("b", turns=3)
    with pytest.raises(ValueError, match="first"):
        await together(Work(ValueError("first"))(), other())
    assert other.done
    first = Work("a", turns=3)
    with pytest.raises(ValueError, match="second"):
        await together(first(), Work(ValueError("second"))())
    assert first.done


@pytest.mark.parametrize(("first", "second"), [(0, 3), (3, 0)])
async def test_of_two_errors_the_first_work_s_is_raised(first: int, second: int) -> None:
    one, other = Work(ValueError("first"), first), Work(ValueError("second"), second)
    with pytest.raises(ValueError, match="first"):
        await together(one(), other())


async def test_both_end_when_they_are_cancelled() -> None:
    one, other = Work("a", turns=1000), Work("b", turns=1000)
    task = asyncio.create_task(together(one(), other()))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == {asyncio.current_task()}
    assert (one.done, other.done) == (False, False)


@pytest.mark.parametrize("threaded", [False, True])
async def test_only_what_takes_long_is_done_in_a_thread(*, threaded: bool) -> None:
    for way in (aside, meanwhile):
        assert (
            await way(threading.get_ident, threaded=threaded) != threading.get_ident()
        ) == threaded


async def test_what_is_done_meanwhile_begins_after_what_was_begun_before() -> None:
    done: list[str] = []

    async def send() -> None:
        await asyncio.sleep(0)
        done.append("sent")

    await together(send(), meanwhile(lambda: done.append("made")))
    assert done == ["sent", "made"]
