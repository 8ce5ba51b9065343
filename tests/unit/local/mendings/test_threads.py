"""Work begins at once, however much is at work, and a thread that has done its work does the next."""

import threading

from local.mendings.threads import Borrowed, Threads


def test_a_thread_that_is_done_does_the_next_piece_of_work():
    threads, seen = Threads(), list[int]()
    for _ in range(5):
        done = threading.Event()
        threads.start(lambda done=done: (seen.append(threading.get_ident()), done.set()))
        assert done.wait(5)
        assert threads._idle.acquire(timeout=5)
        threads._idle.release()
    assert len(set(seen)) == 1


def test_work_that_waits_for_other_work_does_not_keep_it_waiting():
    threads, last = Threads(), threading.Event()

    def deep(levels: int) -> None:
        if levels == 0:
            last.set()
            return
        threads.start(lambda: deep(levels - 1))
        assert last.wait(10)

    threads.start(lambda: deep(50))
    assert last.wait(10)


def test_work_that_fails_ends_no_thread(caplog):
    threads, done = Threads(), threading.Event()

    def fail() -> None:
        raise OSError("gone")

    threads.start(fail)
    assert threads._idle.acquire(timeout=5)
    threads._idle.release()
    before = threading.active_count()
    threads.start(done.set)
    assert done.wait(5)
    assert threading.active_count() == before
    assert "a thread's work failed" in caplog.text


def test_who_waits_for_work_waits_until_it_is_done_or_fails():
    threads, go = Threads(), threading.Event()

    def work() -> None:
        assert go.wait(5)
        raise OSError("gone")

    asked = Borrowed(threads, work)
    asked.start()
    asked.join(0.01)
    assert asked.is_alive()
    go.set()
    asked.join(5)
    assert not asked.is_alive()
