package io.selectors4j.stress.model;

import io.selectors4j.Interest;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.RawNumbers;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The descriptors of a sequence, and a selector with the same registrations on each backend.
final class ModelState implements AutoCloseable {

    static final int SLOTS = 8;
    private static final int DUPS = 6;

    private static final List<Interest> INTERESTS = List.of(
            Interest.READ,
            Interest.READ,
            Interest.WRITE,
            Interest.READ_WRITE,
            Interest.READ.or(Interest.PRIORITY),
            Interest.PRIORITY,
            Interest.HANGUP,
            Interest.READ.or(Interest.HANGUP),
            Interest.HANGUP.oneShot(),
            Interest.NONE,
            Interest.READ.oneShot(),
            Interest.READ_WRITE.oneShot(),
            Interest.READ.edgeTriggered(),
            Interest.READ_WRITE.edgeTriggered());

    private final List<ModelExecutor> executors = new ArrayList<>();
    private final @Nullable ModelFd[] fds = new @Nullable ModelFd[SLOTS];
    private final Deque<Dup> dups = new ArrayDeque<>();

    private final Oracle oracle = Oracle.create();

    private int nextData;

    /// A duplicate of an open file that had the number of a descriptor.
    private record Dup(ModelFd original, int number) {}

    ModelState(List<BackendUnderTest> backends) throws IOException {
        try {
            for (BackendUnderTest backend : backends) {
                executors.add(new ModelExecutor(backend));
            }
        } catch (Throwable t) {
            executors.forEach(ModelExecutor::close);
            throw t;
        }
    }

    private interface Action {
        void on(ModelExecutor executor) throws IOException;
    }

    private void all(Action action) throws IOException {
        for (ModelExecutor executor : executors) {
            action.on(executor);
        }
    }

    /// Executes a step, and compares all selectors with the model.
    void step(Op op) throws IOException {
        ModelFd fd = fds[op.slot()];
        if (fd == null) {
            if (op.kind() == Op.Kind.OPEN) {
                open(op);
            } else {
                withoutFd(op);
            }
        } else {
            with(fd, op);
        }
        all(ModelExecutor::selectAndCheck);
        all(ModelExecutor::compareKeys);
    }

    private void open(Op op) throws IOException {
        List<ModelFd.Kind> kinds = ModelFd.Kind.AVAILABLE;
        ModelFd.Style[] styles = ModelFd.Style.values();
        ModelFd fd = new ModelFd(kinds.get(op.choice() % kinds.size()), styles[op.choice() / 8 % styles.length]);
        fds[op.slot()] = fd;
    }

    private void withoutFd(Op op) throws IOException {
        switch (op.kind()) {
            case CLOSE_DUP -> closeDup();
            case WAKEUP -> all(ModelExecutor::wakeup);
            case INTERRUPT -> all(ModelExecutor::interrupt);
            case WAIT -> all(ModelExecutor::waitAndCheck);
            case THROW -> all(executor -> executor.throwInHandler(op.choice() % 4));
            default -> {
                // no descriptor in this slot
            }
        }
    }

    private void with(ModelFd fd, Op op) throws IOException {
        int data = nextData++;
        Interest chosen = INTERESTS.get(op.choice() % INTERESTS.size());
        // KqueueSelector refuses edge-triggered interest in a pipe without readers.
        boolean refused = chosen.isEdgeTriggered() && fd.kind == ModelFd.Kind.PIPE_WRITER;
        Interest events = refused ? Interest.WRITE : chosen;
        switch (op.kind()) {
            case OPEN -> {
                // A closed descriptor keeps its slot until the next OPEN, because it may still be registered.
                if (!fd.isOpen()) {
                    all(executor -> executor.unregister(fd.object));
                    fd.closePeer();
                    fds[op.slot()] = null;
                }
            }
            case REGISTER -> register(fd, events, data);
            case MODIFY -> all(executor -> executor.modify(fd.object, events, data));
            case UNREGISTER -> all(executor -> executor.unregister(fd.object));
            case CLOSE -> close(fd);
            case DUP -> dup(fd);
            case DUP_AND_CLOSE -> {
                dup(fd);
                close(fd);
            }
            case REOPEN -> reopen(fd);
            case DUP2 -> dup2(fd, fds[op.choice() % SLOTS]);
            case WRITE -> onEvent(fd, true, fd.write());
            case HALF_CLOSE -> onEvent(fd, false, fd.halfClose());
            case CLOSE_PEER -> onEvent(fd, false, fd.closePeer());
            case RESET -> onEvent(fd, false, fd.isOpen() && fd.reset());
            case READ -> {
                if (fd.isOpen()) {
                    fd.read();
                }
            }
            case FILL -> {
                if (fd.isOpen()) {
                    fd.fill();
                }
            }
            case DRAIN -> fd.drain();
            default -> withoutFd(op);
        }
    }

    private void register(ModelFd fd, Interest events, int data) throws IOException {
        boolean isTaken = !fd.isOpen() && (oracle.poll(fd.number, 0, 0) & Oracle.POLLNVAL) == 0;
        if (fd.style != ModelFd.Style.BARE || !isTaken) { // otherwise another file has the number
            all(executor -> executor.register(fd.object, events, data, fd.isOpen()));
        }
    }

    private void onEvent(ModelFd fd, boolean bytes, boolean changed) throws IOException {
        if (changed && fd.isOpen() && !fd.isReplaced()) {
            all(executor -> executor.edgePending(fd.number, bytes));
        }
    }

    private void close(ModelFd fd) throws IOException {
        if (!fd.isOpen()) {
            return;
        }
        if (fd.style == ModelFd.Style.LIBRARY) {
            all(executor -> executor.onClosed(fd.object, fd.number));
        }
        all(executor -> executor.unspecified(fd.number));
        fd.close();
    }

    private void dup(ModelFd fd) throws IOException {
        if (fd.isOpen()) {
            if (dups.size() == DUPS) {
                closeDup();
            }
            int number = Libc.dup(fd.number);
            dups.add(new Dup(fd, number));
            all(executor -> executor.assigned(number, fd.number));
        }
    }

    private void reopen(ModelFd fd) {
        boolean isFree = !fd.isOpen() && (oracle.poll(fd.number, 0, 0) & Oracle.POLLNVAL) != 0;
        if (isFree && fd.style != ModelFd.Style.LIBRARY) {
            dups.stream()
                    .filter(dup -> dup.original().equals(fd))
                    .findFirst()
                    .filter(dup -> RawNumbers.tryDupOnto(dup.number(), fd.number))
                    .ifPresent(_ -> fd.reopen());
        }
    }

    private void dup2(ModelFd fd, @Nullable ModelFd other) throws IOException {
        if (other != null
                && fd.isOpen()
                && other.isOpen()
                && fd.number != other.number
                && fd.kind == ModelFd.Kind.SOCKET_PAIR
                && other.kind == ModelFd.Kind.SOCKET_PAIR
                && fd.style != ModelFd.Style.LIBRARY) {
            all(executor -> executor.unspecified(fd.number));
            if (RawNumbers.tryDupOnto(other.number, fd.number)) {
                fd.replace();
                all(executor -> executor.duplicated(fd.number, other.number));
            } else {
                fd.markClosed();
            }
        }
    }

    private void closeDup() {
        if (!dups.isEmpty()) {
            Libc.close(dups.remove().number());
        }
    }

    @Override
    public void close() throws IOException {
        executors.forEach(ModelExecutor::close);
        while (!dups.isEmpty()) {
            closeDup();
        }
        for (ModelFd fd : fds) {
            if (fd != null) {
                if (fd.isOpen()) {
                    fd.close();
                }
                fd.closePeer();
            }
        }
    }
}
