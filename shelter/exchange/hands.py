"""Work spread over processes that are forked once everything to be done is in memory: only results travel, by pipe.

For a terminal command, whose process has one thread. Keys and names reach a child with the fork and no disk.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from multiprocessing.connection import Connection, Pipe
from typing import TYPE_CHECKING, Any, TypeVar, cast

T = TypeVar("T")
R = TypeVar("R")

if TYPE_CHECKING:
    Side = Connection[Any, Any]
else:
    Side = Connection


class ChildFailed(Exception):
    """A process that was to help has ended early; it has said nothing of why, so that no value leaves it."""


@contextmanager
def spread(work: Callable[[T], R], tasks: Sequence[T], hands: int) -> Iterator[Iterator[R]]:
    """The results in the order of the tasks, computed by up to `hands` processes; in this one where one is enough.

    Iterating raises `ChildFailed`. Whatever happens, no child is left behind.
    """
    hands = min(hands, len(tasks))
    if hands < 2:
        yield map(work, tasks)
        return
    children: list[tuple[int, Side]] = []
    gc.freeze()  # what is in memory now stays shared with the children
    try:
        for place in range(hands):
            children.append(_fork(work, tasks[place::hands], [pipe for _, pipe in children]))
        yield (cast(R, _next(children[place % hands][1])) for place in range(len(tasks)))
    finally:
        for _, pipe in children:
            pipe.close()  # a child that still writes ends with this
        for child, _ in children:
            os.waitpid(child, 0)
        gc.unfreeze()


def _fork(work: Callable[[T], R], tasks: Sequence[T], others: Sequence[Side]) -> tuple[int, Side]:
    here, there = Pipe(duplex=False)
    child = os.fork()
    if child == 0:
        for pipe in (here, *others):
            pipe.close()
        _be_a_child(work, tasks, there)
    there.close()
    return child, here


def _be_a_child(work: Callable[[T], R], tasks: Sequence[T], pipe: Side) -> None:
    """Does its tasks and ends without unwinding: connections that it inherited belong to its parent."""
    status = 1
    gc.disable()  # it lives for a minute and makes no circles
    try:
        for task in tasks:
            pipe.send(work(task))
        status = 0
    finally:
        os._exit(status)


def _next(pipe: Side) -> object:
    try:
        return pipe.recv()
    except EOFError:
        raise ChildFailed from None
