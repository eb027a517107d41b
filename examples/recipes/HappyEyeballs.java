import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Connects to the first address of a host that answers: HappyEyeballs PORT ADDRESS...
void main(String[] args) throws IOException {
    List<InetSocketAddress> addresses = new ArrayList<>();
    for (String name : List.of(args).subList(1, args.length)) {
        for (InetAddress address : InetAddress.getAllByName(name)) {
            addresses.add(new InetSocketAddress(address, Integer.parseInt(args[0])));
        }
    }
    try (SocketFd socket = connect(addresses, Duration.ofSeconds(10))) {
        IO.println("connected to " + socket.remoteAddress());
    }
}

/// Starts a connect to the next address every 250 ms, as RFC 8305 recommends, and at once after a failure.
SocketFd connect(List<InetSocketAddress> addresses, Duration timeout) throws IOException {
    Duration delay = Duration.ofMillis(250);
    long deadline = System.nanoTime() + timeout.toNanos();
    Deque<InetSocketAddress> rest = new ArrayDeque<>(addresses);
    Set<SocketFd> attempts = new HashSet<>();
    IOException failure = new IOException("no address answered in time");
    try (Selector<SocketFd> selector = Selector.open()) {
        while (!rest.isEmpty() || !attempts.isEmpty()) {
            if (!rest.isEmpty()) {
                InetSocketAddress address = rest.remove();
                try {
                    SocketFd socket = open(address);
                    attempts.add(socket);
                    selector.register(socket, Interest.WRITE, socket);
                } catch (NativeIOException e) { // such as ENETUNREACH
                    failure.addSuppressed(e);
                    continue;
                }
            }
            Duration remaining = Duration.ofNanos(deadline - System.nanoTime());
            if (!remaining.isPositive()) {
                break;
            }
            boolean isShort = !rest.isEmpty() && delay.compareTo(remaining) < 0;
            for (ReadyKey<SocketFd> ready : selector.select(isShort ? delay : remaining)) {
                SocketFd socket = ready.data();
                attempts.remove(socket);
                try {
                    socket.finishConnect();
                    selector.unregister(socket);
                    socket.setBlocking(true);
                    return socket;
                } catch (IOException e) {
                    failure.addSuppressed(e);
                    socket.close();
                }
            }
        }
    } finally {
        for (SocketFd attempt : attempts) {
            attempt.close();
        }
    }
    throw failure;
}

SocketFd open(InetSocketAddress address) throws IOException {
    boolean isIpv6 = address.getAddress() instanceof Inet6Address;
    ProtocolFamily family = isIpv6 ? StandardProtocolFamily.INET6 : StandardProtocolFamily.INET;
    SocketFd socket = SocketFd.open(family, SocketFd.Type.STREAM);
    try {
        socket.setBlocking(false);
        socket.connect(address);
        return socket;
    } catch (Throwable e) {
        socket.close();
        throw e;
    }
}
