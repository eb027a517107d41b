package io.selectors4j.testing.recipe;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/// Sends its clients what they send. Reads from a client only while there is room in the client's buffer, and closes a
/// client that sends nothing for a minute.
public final class EchoServer {

    static final int BUFFER = 4096;
    static final Duration IDLE = Duration.ofMinutes(1);

    /// Accepts a connection, or returns null if there is none.
    public interface Acceptor {
        PollableChannel accept() throws IOException;
    }

    /// Handles a ready key.
    public interface Task {
        void run() throws IOException;
    }

    private final Selector<Task> selector;
    private final Acceptor acceptor;
    private final LongSupplier nanoTime;
    private final List<Client> clients = new ArrayList<>();

    public EchoServer(Selector<Task> selector, Pollable listener, Acceptor acceptor, LongSupplier nanoTime)
            throws IOException {
        this.selector = selector;
        this.acceptor = acceptor;
        this.nanoTime = nanoTime;
        selector.register(listener, Interest.READ, this::accept);
    }

    /// Waits, serves the ready clients, and closes the idle ones.
    public void turn() throws IOException {
        selector.select(untilNextIsIdle(), (key, _) -> key.data().run());
        for (Client client : List.copyOf(clients)) {
            if (client.nanosUntilIdle() <= 0) {
                client.close();
            }
        }
    }

    private Duration untilNextIsIdle() {
        return clients.isEmpty()
                ? null
                : Duration.ofNanos(
                        clients.stream().mapToLong(Client::nanosUntilIdle).min().getAsLong());
    }

    private void accept() throws IOException {
        PollableChannel channel = acceptor.accept();
        if (channel != null) {
            Client client = new Client(channel, ByteBuffer.allocate(BUFFER));
            clients.add(client);
            selector.register(channel, Interest.READ, client::serve);
        }
    }

    private final class Client {
        private final PollableChannel channel;
        private final ByteBuffer waiting;
        private long lastRead = nanoTime.getAsLong();
        private boolean ended;

        Client(PollableChannel channel, ByteBuffer waiting) {
            this.channel = channel;
            this.waiting = waiting;
        }

        long nanosUntilIdle() {
            return lastRead + IDLE.toNanos() - nanoTime.getAsLong();
        }

        void serve() throws IOException {
            try {
                int count = ended ? 0 : channel.read(waiting);
                ended |= count < 0;
                if (count > 0) {
                    lastRead = nanoTime.getAsLong();
                }
                channel.write(waiting.flip());
                waiting.compact();
                if (ended && waiting.position() == 0) {
                    close();
                    return;
                }
                Interest read = ended || !waiting.hasRemaining() ? Interest.NONE : Interest.READ;
                Interest write = waiting.position() > 0 ? Interest.WRITE : Interest.NONE;
                selector.modify(channel, read.or(write), this::serve);
            } catch (IOException e) {
                close(); // the client has gone
            }
        }

        void close() throws IOException {
            clients.remove(this);
            channel.close();
        }
    }
}
