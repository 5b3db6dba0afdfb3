"""Every operation waits for what the whole call has left, not for a timeout of its own (R8)."""

import socket
import ssl

import pytest

from cado_sentinelone.clients.sockets import TcpSocket, TlsSocket, deadline, seconds_left

OPERATIONS = [
    (TcpSocket, socket.socket, "recv_into", (bytearray(1),)),
    (TcpSocket, socket.socket, "sendall", (b"x",)),
    (TlsSocket, ssl.SSLSocket, "read", (1,)),
    (TlsSocket, ssl.SSLSocket, "send", (b"x",)),
    (TlsSocket, ssl.SSLSocket, "do_handshake", ()),
]


@pytest.fixture
def open_socket():
    opened = []

    def make(kind):
        opened.append(kind.__new__(kind))
        socket.socket.__init__(opened[-1])
        return opened[-1]

    yield make
    for one in opened:
        socket.socket.close(one)


@pytest.mark.parametrize(("kind", "base", "operation", "arguments"), OPERATIONS)
def test_an_operation_gets_what_the_call_has_left(
    open_socket, monkeypatch, kind, base, operation, arguments
):
    allowed = []
    record = lambda self, *args: allowed.append(self.gettimeout())
    monkeypatch.setattr(base, operation, record, raising=False)
    one = open_socket(kind)
    with deadline(50):
        getattr(one, operation)(*arguments)
        with deadline(20):
            getattr(one, operation)(*arguments)
        getattr(one, operation)(*arguments)
    assert 20 < allowed[0] <= 50
    assert 0 < allowed[1] <= 20
    assert 20 < allowed[2] <= allowed[0]


@pytest.mark.parametrize(("kind", "base", "operation", "arguments"), OPERATIONS)
def test_after_the_deadline_no_operation_begins(
    open_socket, monkeypatch, kind, base, operation, arguments
):
    monkeypatch.setattr(base, operation, lambda *args: pytest.fail("it began"), raising=False)
    with deadline(0), pytest.raises(TimeoutError):
        getattr(open_socket(kind), operation)(*arguments)


def test_a_deadline_belongs_to_its_call():
    with deadline(50):
        assert seconds_left() > 0
    with pytest.raises(LookupError):
        seconds_left()
