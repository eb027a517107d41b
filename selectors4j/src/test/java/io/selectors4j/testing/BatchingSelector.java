package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Interest;
import io.selectors4j.IoUringSelector;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyHandler;
import io.selectors4j.Selector;
import io.selectors4j.SelectorDump;
import io.selectors4j.SelectorKey;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.sys.SingleFdPoll;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A selector that batches each socket that is registered, if it can be batched. One that has no room in the kernel is
/// filled, so that it has none at all.
///
/// @param selector the selector to whose methods all calls go
record BatchingSelector<A extends @Nullable Object>(IoUringSelector<A> selector) implements Selector<A> {

    @Override
    public Backend backend() {
        return selector.backend();
    }

    @Override
    public SelectorKey<A> register(Pollable fileobj, Interest events, A data) throws IOException {
        boolean refused = events.contains(Interest.PRIORITY) || events.contains(Interest.HANGUP);
        if (!events.isEmpty() && !refused && fileobj instanceof SocketFd socket) {
            try {
                boolean full = SingleFdPoll.await(fileobj.fileno(), PollFlags.POLLOUT, 0) == 0;
                selector.batch(socket);
                for (int i = 0; i < (full ? 2 : 0); i++) { // the kernel takes the bytes of the first round
                    int count;
                    do {
                        count = socket.write(ByteBuffer.allocate(1000));
                    } while (count > 0);
                    selector.selectNow((_, _) -> {});
                }
            } catch (IOException | IllegalArgumentException | IllegalStateException e) {
                // Another kind of socket, or an error that the registration reports as well.
            }
        }
        return selector.register(fileobj, events, data);
    }

    @Override
    public SelectorKey<A> unregister(Pollable fileobj) {
        return selector.unregister(fileobj);
    }

    @Override
    public SelectorKey<A> modify(Pollable fileobj, Interest events, A data) throws IOException {
        return selector.modify(fileobj, events, data);
    }

    @Override
    public <X extends Exception> int select(@Nullable Duration timeout, ReadyHandler<A, X> handler)
            throws IOException, X {
        return selector.select(timeout, handler);
    }

    @Override
    public void wakeup() {
        selector.wakeup();
    }

    @Override
    public boolean clearWakeup() {
        return selector.clearWakeup();
    }

    @Override
    public SelectorKey<A> getKey(Pollable fileobj) {
        return selector.getKey(fileobj);
    }

    @Override
    public Map<Pollable, SelectorKey<A>> getMap() {
        return selector.getMap();
    }

    @Override
    public SelectorDump<A> dump() {
        return selector.dump();
    }

    @Override
    public boolean isOpen() {
        return selector.isOpen();
    }

    @Override
    public void close() {
        selector.close();
    }

    @Override
    public String toString() {
        return selector.toString();
    }
}
