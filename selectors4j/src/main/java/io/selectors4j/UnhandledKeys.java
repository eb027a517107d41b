package io.selectors4j;

import io.selectors4j.internal.jfr.Jfr;
import io.selectors4j.internal.selector.StreamAccess;
import io.selectors4j.internal.sys.Descriptors;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// Finds keys that are ready again and again and that the program does not handle, and reports each once; see
/// [Selectors].
///
/// It watches one ready key at a time, for as long as every select reports it and nothing is called on its object. With
/// many keys, it comes to each of them in turn. It belongs to the selecting thread.
///
/// @param <A> type of the data attached to the keys
final class UnhandledKeys<A extends @Nullable Object> {

    /// The number of successive selects after which a key counts as not handled.
    static final int SELECTS = 1024;

    /// The number of selects between two looks at the object.
    private static final int SELECTS_BETWEEN_CHECKS = 16;

    private final AbstractSelector<A> selector;

    private StreamAccess access = StreamAccess.NO_SOCKETS;

    /// The generation of the registration that is watched.
    private long generation;

    private int callCount;
    private int selects;
    private int turn;

    UnhandledKeys(AbstractSelector<A> selector) {
        this.selector = selector;
    }

    /// Called after each select that has delivered events.
    void selected(ReadyQueue<A> ready) {
        if (!ready.hasWatched()) {
            watchNext(ready);
        } else if (++selects % SELECTS_BETWEEN_CHECKS == 0) {
            check(ready);
        }
    }

    private void watchNext(ReadyQueue<A> ready) {
        int fd = ready.fdOfTurn(turn++);
        selects = 0;
        synchronized (selector.registry.lock) {
            Registration<A> registration = selector.table.get(fd);
            int count = registration == null ? -1 : callCount(registration.key());
            if (registration == null || count < 0 || registration.isReportedUnhandled()) {
                ready.watch(ReadyQueue.NO_FD);
                return;
            }
            generation = registration.generation();
            callCount = count;
        }
        ready.watch(fd);
    }

    private void check(ReadyQueue<A> ready) {
        int fd = ready.watchedFd();
        SelectorKey<A> key;
        Readiness readiness;
        synchronized (selector.registry.lock) {
            Registration<A> registration = selector.table.get(fd);
            if (registration == null
                    || registration.generation() != generation
                    || callCount(registration.key()) != callCount) {
                ready.watch(ReadyQueue.NO_FD);
                return;
            }
            if (selects < SELECTS) {
                return;
            }
            registration.setReportedUnhandled();
            key = registration.key();
            readiness = selector.table.lastReadiness(fd);
        }
        ready.watch(ReadyQueue.NO_FD);
        selector.counters.unhandled++;
        report(key, String.valueOf(readiness));
    }

    private int callCount(SelectorKey<?> key) {
        if (access.equals(StreamAccess.NO_SOCKETS)) {
            access = StreamAccess.current();
        }
        return access.callCount(key.fileobj());
    }

    private void report(SelectorKey<A> key, String readiness) {
        String fileobj = Descriptors.describe(key.fileobj());
        String message = fileobj + " was ready in " + selects + " successive selects of " + selector.name() + ": "
                + readiness + ". The program made no call on it meanwhile. Unregister it, or change its interest,"
                + " until the program can handle it.";
        try {
            System.getLogger("io.selectors4j").log(Level.WARNING, message);
        } catch (RuntimeException e) {
            // The select has delivered events, which an exception of the program's logger would lose.
        }
        Jfr.unhandled(selector.id(), key.fd(), fileobj, readiness, selects);
    }
}
