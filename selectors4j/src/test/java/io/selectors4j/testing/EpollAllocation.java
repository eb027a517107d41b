package io.selectors4j.testing;

import io.selectors4j.Pollable;
import io.selectors4j.os.Epoll;
import io.selectors4j.os.EpollEvents;
import java.time.Duration;

/// A program: waits over and over with memory of its own, and prints how many bytes of heap a round of waits has taken at the
/// least.
public final class EpollAllocation {

    private static final int WAITS = 20_000;
    private static final int ROUNDS = 30;

    private EpollAllocation() {}

    /// Waits.
    public static void main(String[] args) throws Exception {
        try (Link link = Link.Kind.SOCKET_PAIR.open();
                Epoll epoll = Epoll.create()) {
            Pollable fileobj = link.reader();
            epoll.register(fileobj, Epoll.EPOLLOUT);
            EpollEvents events = new EpollEvents(16);
            Duration micro = Duration.ofNanos(1000);
            long least = Long.MAX_VALUE;
            for (int round = 0; round < ROUNDS && least > 0; round++) {
                long before = Jvm.allocatedBytes();
                for (int i = 0; i < WAITS; i++) {
                    epoll.poll(micro, events);
                }
                least = Math.min(least, Jvm.allocatedBytes() - before);
            }
            System.out.println(least + " bytes in " + WAITS + " waits");
        }
    }
}
