"""Work begins at once, however much is at work, and a thread that has done its work does the next."""

import threading

from local.mendings.threads import Borrowed, Threads

SOON = 60
"""Seconds after which a test gives up; none of them says how long anything takes."""


def test_a_thread_that_is_done_does_the_next_piece_of_work():
    threads, seen = Threads(), list[threading.Thread]()
    for _ in range(5):
        done = threading.Event()
        threads.start(lambda done=done: (seen.append(threading.current_thread()), done.set()))
        assert done.wait(SOON)
        assert threads._idle.acquire(timeout=SOON)
        threads._idle.release()
    assert len(set(seen)) == 1


def test_work_that_waits_for_other_work_does_not_keep_it_waiting():
    threads, last = Threads(), threading.Event()

    def deep(levels: int) -> None:
        if levels == 0:
            last.set()
            return
        threads.start(lambda: deep(levels - 1))
        assert last.wait(SOON)

    threads.start(lambda: deep(50))
    assert last.wait(SOON)


def test_work_that_fails_ends_no_thread(caplog):
    threads, done, seen = Threads(), threading.Event(), list[threading.Thread]()

    def fail() -> None:
        seen.append(threading.current_thread())
        raise OSError("gone")

    def go_on() -> None:
        seen.append(threading.current_thread())
        done.set()

    threads.start(fail)
    assert threads._idle.acquire(timeout=SOON)
    threads._idle.release()
    threads.start(go_on)
    assert done.wait(SOON)
    assert seen[0] is seen[1]
    assert "a thread's work failed" in caplog.text


def test_who_waits_for_work_waits_until_it_is_done_or_fails():
    threads, go = Threads(), threading.Event()

    def work() -> None:
        assert go.wait(SOON)
        raise OSError("gone")

    asked = Borrowed(threads, work)
    asked.start()
    asked.join(0.01)
    assert asked.is_alive()
    go.set()
    asked.join(SOON)
    assert not asked.is_alive()
