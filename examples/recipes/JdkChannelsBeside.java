import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Serves a channel of the JDK and a timer with one selector: it sends the time of each tick to the first client.
void main(String[] args) throws IOException {
    try (Selector<String> selector = Selector.open();
            ServerSocketChannel server = ServerSocketChannel.open();
            TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC)) {
        server.bind(new InetSocketAddress("localhost", Integer.parseInt(args[0])));
        server.configureBlocking(false);
        timer.set(Duration.ofMillis(100), Duration.ofMillis(100));
        Pollable pollable = JdkChannels.pollable(server);
        selector.register(pollable, Interest.READ, "server");
        IO.println("listening on " + server.getLocalAddress());
        SocketChannel client = null;
        while (true) {
            for (ReadyKey<String> ready : selector.select()) {
                if (ready.data().equals("server")) {
                    client = server.accept();
                    if (client != null) {
                        selector.unregister(pollable);
                        selector.register(timer, Interest.READ, "timer");
                    }
                } else {
                    String line = timer.read() + " ticks\n";
                    client.write(StandardCharsets.UTF_8.encode(line));
                }
            }
        }
    }
}
