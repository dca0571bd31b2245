"""Work in child processes: the same results in the same order, and no child left behind."""

import os

import pytest

from shelter.exchange.hands import ChildFailed, spread


def test_results_come_in_the_order_of_the_tasks() -> None:
    for hands in (1, 2, 3, 8):
        with spread(lambda task: (task, task * task), list(range(7)), hands) as results:
            assert list(results) == [(task, task * task) for task in range(7)]


def test_more_than_one_hand_is_other_processes() -> None:
    with spread(lambda task: os.getpid(), [0, 1], 2) as results:
        assert len({os.getpid(), *results}) == 3


def test_a_child_that_dies_says_so_and_leaves_no_zombie() -> None:
    def die(task: int) -> int:
        if task == 1:
            os._exit(9)
        return task

    with pytest.raises(ChildFailed), spread(die, [0, 1, 2], 2) as results:
        list(results)
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_a_parent_that_stops_listening_is_not_waited_for() -> None:
    with spread(lambda task: bytes(4 << 20), list(range(8)), 2) as results:
        assert len(next(results)) == 4 << 20
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)
