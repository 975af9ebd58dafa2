"""Each web process listens at a socket of its own."""

from types import SimpleNamespace

from nghitruong.config import web


def test_every_process_has_its_own_socket_and_a_new_one_takes_the_place_of_the_dead():
    workers = {}

    def fork(pid):
        worker = SimpleNamespace(sockets=["web-0", "web-1"])
        web._give_socket(SimpleNamespace(WORKERS=workers), worker)
        workers[pid] = worker
        child = SimpleNamespace(**vars(worker))  # the fork's own copy
        web._keep_own_socket(None, child)
        return child.sockets

    assert [fork(1), fork(2)] == [["web-0"], ["web-1"]]
    del workers[1]
    assert fork(3) == ["web-0"]
    assert fork(4) in (["web-0"], ["web-1"])  # one too many for a moment
