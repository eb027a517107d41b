"""Clients and servers for ./run, in Python 3: `python3 peers.py ROLE ARGUMENT...`"""

import os
import selectors
import socket
import sys
import threading
import time

TIMEOUT = 20  # seconds
SECONDS_1900_TO_1970 = 2208988800


def connect(host, port):
    return socket.create_connection((host, int(port)), TIMEOUT)


def receive_all(sock):
    """Receives until the other side closes, and returns all bytes."""
    received = bytearray()
    while piece := sock.recv(65536):
        received += piece
    return bytes(received)


def client(host, port, size):
    """Sends random bytes, shuts down the output, and checks the echoed bytes and the end."""
    sent = os.urandom(int(size))
    with connect(host, port) as sock:
        sender = threading.Thread(target=lambda: (sock.sendall(sent), sock.shutdown(socket.SHUT_WR)))
        sender.start()
        received = receive_all(sock)
        sender.join()
    if received != sent:
        sys.exit(f"sent {len(sent)} bytes, received {len(received)} different bytes")


def time_client(host, port):
    """Receives the time and checks it: four bytes, and then the end."""
    before = int(time.time())
    with connect(host, port) as sock:
        received = receive_all(sock)
    check_time(received, before)


def check_time(received, before):
    reported = int.from_bytes(received, "big") - SECONDS_1900_TO_1970
    if len(received) != 4 or not before <= reported <= int(time.time()):
        sys.exit(f"wrong time: {received!r}")


def time_bytes(before):
    """Checks the time on standard input."""
    check_time(sys.stdin.buffer.read(), int(before))


def server(connections):
    """Echoes a number of connections, then prints the bytes of each, in the order in which they were accepted."""
    listener = socket.create_server(("127.0.0.1", 0))
    print("listening on port", listener.getsockname()[1], flush=True)
    selector = selectors.DefaultSelector()
    selector.register(listener, selectors.EVENT_READ)
    received, remaining = {}, int(connections)
    while remaining:
        for key, _ in selector.select():
            sock = key.fileobj
            if sock is listener:
                accepted, _ = listener.accept()
                received[accepted] = bytearray()
                selector.register(accepted, selectors.EVENT_READ)
            elif data := sock.recv(7):  # reads smaller than the messages of the client
                received[sock] += data
                sock.sendall(data)
            else:
                selector.unregister(sock)
                sock.close()
                remaining -= 1
    for data in received.values():
        print(data.decode())


def free_port():
    """Prints an unused port."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        print(sock.getsockname()[1])


roles = (client, time_client, time_bytes, server, free_port)
{role.__name__: role for role in roles}[sys.argv[1]](*sys.argv[2:])
