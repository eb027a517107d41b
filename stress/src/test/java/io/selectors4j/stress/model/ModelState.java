package io.selectors4j.stress.model;

import io.selectors4j.Interest;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Descriptors, and a selector on each backend that has the same registrations.
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
            Interest.NONE,
            Interest.READ.oneShot(),
            Interest.READ_WRITE.oneShot(),
            Interest.READ.edgeTriggered(),
            Interest.READ_WRITE.edgeTriggered());

    private final List<ModelExecutor> players = new ArrayList<>();
    private final @Nullable ModelFd[] things = new @Nullable ModelFd[SLOTS];
    private final Deque<Dup> dups = new ArrayDeque<>();

    private final Oracle oracle = new Oracle();

    private int data;

    /// A duplicate of what a thing was when it was made.
    private record Dup(ModelFd thing, int fd) {}

    ModelState(List<BackendUnderTest> subjects) throws IOException {
        boolean ready = false;
        try {
            for (BackendUnderTest subject : subjects) {
                players.add(new ModelExecutor(subject));
            }
            ready = true;
        } finally {
            if (!ready) {
                players.forEach(ModelExecutor::close);
            }
        }
    }

    private interface Action {
        void on(ModelExecutor player) throws IOException;
    }

    private void all(Action action) throws IOException {
        for (ModelExecutor player : players) {
            action.on(player);
        }
    }

    /// Makes a step, and looks at everything afterwards.
    void step(Op op) throws IOException {
        ModelFd thing = things[op.slot()];
        if (thing == null) {
            if (op.kind() == Op.Kind.OPEN) {
                open(op);
            } else {
                withoutThing(op);
            }
        } else {
            with(thing, op);
        }
        all(ModelExecutor::look);
        all(ModelExecutor::compareKeys);
    }

    private void open(Op op) throws IOException {
        ModelFd.Kind[] kinds = ModelFd.Kind.values();
        ModelFd.Style[] styles = ModelFd.Style.values();
        ModelFd thing = new ModelFd(kinds[op.choice() % kinds.length], styles[op.choice() / 8 % styles.length]);
        things[op.slot()] = thing;
    }

    private void withoutThing(Op op) throws IOException {
        switch (op.kind()) {
            case CLOSE_DUP -> closeDup();
            case WAKEUP -> all(ModelExecutor::wakeup);
            case INTERRUPT -> all(ModelExecutor::interrupt);
            case WAIT -> all(ModelExecutor::await);
            case THROW -> all(player -> player.interrupted(op.choice() % 4));
            default -> {
                // there is nothing in this place
            }
        }
    }

    private void with(ModelFd thing, Op op) throws IOException {
        int marker = data++;
        Interest chosen = INTERESTS.get(op.choice() % INTERESTS.size());
        // KQUEUE refuses an edge where nobody reads any more: see KqueueSelector.
        boolean refused = chosen.isEdgeTriggered() && thing.kind == ModelFd.Kind.PIPE_WRITER;
        Interest events = refused ? Interest.WRITE : chosen;
        switch (op.kind()) {
            case OPEN -> {
                // What is closed stays for a while: it may be registered still. Then there is room for another one.
                if (!thing.isOpen()) {
                    all(player -> player.unregister(thing.object));
                    thing.closePeer();
                    things[op.slot()] = null;
                }
            }
            case REGISTER -> register(thing, events, marker);
            case MODIFY -> all(player -> player.modify(thing.object, events, marker));
            case UNREGISTER -> all(player -> player.unregister(thing.object));
            case CLOSE -> close(thing);
            case DUP -> dup(thing);
            case GHOST -> {
                dup(thing);
                close(thing);
            }
            case REVIVE -> revive(thing);
            case DUP2 -> dup2(thing, things[op.choice() % SLOTS]);
            case WRITE -> happened(thing, true, thing.write());
            case HALF_CLOSE -> happened(thing, false, thing.halfClose());
            case CLOSE_PEER -> happened(thing, false, thing.closePeer());
            case RESET -> happened(thing, false, thing.isOpen() && thing.reset());
            case READ -> {
                if (thing.isOpen()) {
                    thing.read();
                }
            }
            case FILL -> {
                if (thing.isOpen()) {
                    thing.fill();
                }
            }
            case DRAIN -> thing.drain();
            default -> withoutThing(op);
        }
    }

    private void register(ModelFd thing, Interest events, int marker) throws IOException {
        boolean isTaken = !thing.isOpen() && (oracle.poll(thing.fd, 0, 0) & Oracle.POLLNVAL) == 0;
        if (thing.style != ModelFd.Style.BARE
                || !isTaken) { // else it is a number of somebody's who does not know of it
            all(player -> player.register(thing.object, events, marker, thing.isOpen()));
        }
    }

    private void happened(ModelFd thing, boolean bytes, boolean news) throws IOException {
        if (news && thing.isOpen() && !thing.isReplaced()) {
            all(player -> player.edge(thing.fd, bytes));
        }
    }

    private void close(ModelFd thing) throws IOException {
        if (!thing.isOpen()) {
            return;
        }
        if (thing.style == ModelFd.Style.LIBRARY) {
            all(player -> player.left(thing.object, thing.fd));
        }
        all(player -> player.dirty(thing.fd));
        thing.close();
    }

    private void dup(ModelFd thing) {
        if (thing.isOpen()) {
            if (dups.size() == DUPS) {
                closeDup();
            }
            dups.add(new Dup(thing, Libc.dup(thing.fd)));
        }
    }

    private void revive(ModelFd thing) {
        boolean isFree = !thing.isOpen() && (oracle.poll(thing.fd, 0, 0) & Oracle.POLLNVAL) != 0;
        if (isFree && thing.style != ModelFd.Style.LIBRARY) {
            dups.stream().filter(dup -> dup.thing().equals(thing)).findFirst().ifPresent(dup -> {
                Libc.dupOnto(dup.fd(), thing.fd);
                thing.reopen();
            });
        }
    }

    private void dup2(ModelFd thing, @Nullable ModelFd other) throws IOException {
        if (other != null
                && thing.isOpen()
                && other.isOpen()
                && thing.fd != other.fd
                && thing.kind == ModelFd.Kind.SOCKET_PAIR
                && other.kind == ModelFd.Kind.SOCKET_PAIR
                && thing.style != ModelFd.Style.LIBRARY) {
            all(player -> player.dirty(thing.fd));
            Libc.dupOnto(other.fd, thing.fd);
            thing.replace();
        }
    }

    private void closeDup() {
        if (!dups.isEmpty()) {
            Libc.close(dups.remove().fd());
        }
    }

    @Override
    public void close() throws IOException {
        players.forEach(ModelExecutor::close);
        while (!dups.isEmpty()) {
            closeDup();
        }
        for (ModelFd thing : things) {
            if (thing != null) {
                if (thing.isOpen()) {
                    thing.close();
                }
                thing.closePeer();
            }
        }
    }
}
