"""Work in child processes: the same results in the same order, and no child left behind."""

import os

import pytest

from shelter.exchange.hands import ChildFailed, spread


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Who was forked during the test: this process may have other children, a database among them."""
    forked: list[int] = []
    fork = os.fork

    def noted() -> int:
        child = fork()
        forked.append(child)
        return child

    monkeypatch.setattr(os, "fork", noted)
    return forked


def gone(child: int) -> bool:
    """Whether this child has ended and has been waited for."""
    try:
        os.waitpid(child, os.WNOHANG)
    except ChildProcessError:
        return True
    return False


def test_results_come_in_the_order_of_the_tasks() -> None:
    for hands in (1, 2, 3, 8):
        with spread(lambda task: (task, task * task), list(range(7)), hands) as results:
            assert list(results) == [(task, task * task) for task in range(7)]


def test_more_than_one_hand_is_other_processes() -> None:
    with spread(lambda task: os.getpid(), [0, 1], 2) as results:
        assert len({os.getpid(), *results}) == 3


def test_a_child_that_dies_says_so_and_leaves_no_zombie(children: list[int]) -> None:
    def die(task: int) -> int:
        if task == 1:
            os._exit(9)
        return task

    with pytest.raises(ChildFailed), spread(die, [0, 1, 2], 2) as results:
        list(results)
    assert [gone(child) for child in children] == [True, True]


def test_a_parent_that_stops_listening_is_not_waited_for(children: list[int]) -> None:
    with spread(lambda task: bytes(4 << 20), list(range(8)), 2) as results:
        assert len(next(results)) == 4 << 20
    assert [gone(child) for child in children] == [True, True]
