"""The echo server on Python's selectors. Behaves as echo.c."""

import os
import selectors
import socket

BACKLOG = 16 * 1024
BUFFER = 64 * 1024

selector = selectors.DefaultSelector()


def accept_all(listener):
    while True:  # until accept raises BlockingIOError
        sock, _ = listener.accept()
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        selector.register(sock, selectors.EVENT_READ, echo)


def echo(sock):
    data = sock.recv(BUFFER)
    if not data:
        close(sock)
        return
    try:
        written = sock.send(data)
    except BlockingIOError:
        written = 0
    if written < len(data):
        selector.modify(sock, selectors.EVENT_WRITE, flusher(data[written:]))


def flusher(pending):
    """Returns a callback that writes the bytes that could not be written yet."""

    def flush(sock):
        nonlocal pending
        pending = pending[sock.send(pending) :]
        if not pending:
            selector.modify(sock, selectors.EVENT_READ, echo)

    return flush


def close(sock):
    selector.unregister(sock)
    sock.close()


def respond(fd):
    """Prints "port=NUMBER" for each line of the standard input, and ends at the end of the input."""
    requests = os.read(fd, BUFFER)
    if not requests:
        raise SystemExit
    for _ in range(requests.count(b"\n")):
        print(f"port={listener.getsockname()[1]}", flush=True)


listener = socket.create_server(("127.0.0.1", 0), backlog=BACKLOG)
listener.setblocking(False)
selector.register(listener, selectors.EVENT_READ, accept_all)
selector.register(0, selectors.EVENT_READ, respond)
while True:
    for key, _ in selector.select():
        try:
            key.data(key.fileobj)
        except BlockingIOError:
            pass
        except ConnectionError:
            if key.fileobj is not listener:
                close(key.fileobj)
