package io.selectors4j.internal.sys;

import io.selectors4j.internal.jfr.Jfr;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Reports descriptors whose owner became unreachable before it was closed, with the stack trace of the owner's
/// creation. The descriptor stays open: the number may be in use where the library does not see it.
///
/// A report is a warning of the logger `io.selectors4j`, and an event of JDK Flight Recorder.
final class LeakDetector {

    private static final System.Logger LOGGER = System.getLogger("io.selectors4j");

    private final Cleaner cleaner = Cleaner.create(task -> LibraryThreads.make("leak-detector", task));

    /// The open owned descriptors by number. A descriptor that leaks keeps its number, so no other one gets it.
    private final Map<Integer, Opening> openings = new ConcurrentHashMap<>();

    /// The creation of an owner. The cleaner runs it when the owner is unreachable.
    private static final class Opening implements Runnable {
        private final int fd;
        private final Class<?> type;
        private final Throwable stackTrace;
        private volatile boolean closed;

        private Cleaner.@Nullable Cleanable cleanable;

        Opening(int fd, Class<?> type) {
            this.fd = fd;
            this.type = type;
            stackTrace = new Throwable("Opened by " + Thread.currentThread());
        }

        @Override
        public void run() {
            if (!closed) {
                LOGGER.log(
                        Level.WARNING,
                        type.getName() + " with descriptor " + fd
                                + " became unreachable before it was closed. The descriptor stays open.",
                        stackTrace);
                Jfr.descriptorLeak(fd, type, stackTrace);
            }
        }

        void close() {
            closed = true;
            Cleaner.Cleanable registered = cleanable;
            if (registered != null) {
                registered.clean();
            }
        }
    }

    void opened(Object owner, int fd) {
        Opening opening = new Opening(fd, owner.getClass());
        opening.cleanable = cleaner.register(owner, opening);
        openings.put(fd, opening);
    }

    void closing(int fd) {
        Opening opening = openings.remove(fd);
        if (opening != null) {
            opening.close();
        }
    }
}
