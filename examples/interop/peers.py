"""The other side of ./run, in Python 3: `python3 peers.py ROLE ARGUMENT...`"""

import os
import selectors
import socket
import sys
import threading
import time

PATIENCE = 20  # seconds
SECONDS_1900_TO_1970 = 2208988800


def connect(host, port):
    return socket.create_connection((host, int(port)), PATIENCE)


def receive_all(sock):
    """Everything until the other side closes."""
    received = bytearray()
    while piece := sock.recv(65536):
        received += piece
    return bytes(received)


def client(host, port, size):
    """Sends random bytes, says that this was all, and wants the same bytes back and then the end."""
    sent = os.urandom(int(size))
    with connect(host, port) as sock:
        sender = threading.Thread(target=lambda: (sock.sendall(sent), sock.shutdown(socket.SHUT_WR)))
        sender.start()
        received = receive_all(sock)
        sender.join()
    if received != sent:
        sys.exit(f"{len(sent)} bytes sent, {len(received)} other bytes came back")


def time_client(host, port):
    """Asks for the time: four bytes and then the end."""
    before = int(time.time())
    with connect(host, port) as sock:
        received = receive_all(sock)
    check_time(received, before)


def check_time(received, before):
    told = int.from_bytes(received, "big") - SECONDS_1900_TO_1970
    if len(received) != 4 or not before <= told <= int(time.time()):
        sys.exit(f"not the time: {received!r}")


def time_bytes(before):
    """Checks the time on standard input."""
    check_time(sys.stdin.buffer.read(), int(before))


def server(connections):
    """Echoes so many connections, then prints what each of them had sent, in order of their accepting."""
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on port", listener.getsockname()[1], flush=True)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    received, left = {}, int(connections)
    while left:
        for key, _ in selector.select():
            sock = key.fileobj
            if sock is listener:
                accepted, _ = listener.accept()
                received[accepted] = bytearray()
                selector.register(accepted, selectors.EVENT_READ)
            elif data := sock.recv(7):  # pieces that are not those of the client
                received[sock] += data
                sock.sendall(data)
            else:
                selector.unregister(sock)
                sock.close()
                left -= 1
    for data in received.values():
        print(data.decode())


def free_port():
    """Prints a port that nobody has."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        print(sock.getsockname()[1])


roles = (client, time_client, time_bytes, server, free_port)
{role.__name__: role for role in roles}[sys.argv[1]](*sys.argv[2:])
