package io.selectors4j.stress.model;

import io.selectors4j.Interest;
import io.selectors4j.testing.Libc;
import io.selectors4j.testing.Subject;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Descriptors, and a selector on each backend that has the same registrations.
final class World implements AutoCloseable {

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

    private final List<Player> players = new ArrayList<>();
    private final @Nullable Thing[] things = new @Nullable Thing[SLOTS];
    private final Deque<Dup> dups = new ArrayDeque<>();

    private final Oracle oracle = new Oracle();

    private int data;

    /// A duplicate of what a thing was when it was made.
    private record Dup(Thing thing, int fd) {}

    World(List<Subject> subjects) throws IOException {
        boolean ready = false;
        try {
            for (Subject subject : subjects) {
                players.add(new Player(subject));
            }
            ready = true;
        } finally {
            if (!ready) {
                players.forEach(Player::close);
            }
        }
    }

    private interface Action {
        void on(Player player) throws IOException;
    }

    private void all(Action action) throws IOException {
        for (Player player : players) {
            action.on(player);
        }
    }

    /// Makes a step, and looks at everything afterwards.
    void step(Op op) throws IOException {
        Thing thing = things[op.slot()];
        if (thing == null) {
            if (op.kind() == Op.Kind.OPEN) {
                open(op);
            } else {
                withoutThing(op);
            }
        } else {
            with(thing, op);
        }
        all(Player::look);
        all(Player::compareKeys);
    }

    private void open(Op op) throws IOException {
        Thing.Kind[] kinds = Thing.Kind.values();
        Thing.Style[] styles = Thing.Style.values();
        Thing thing = new Thing(kinds[op.choice() % kinds.length], styles[op.choice() / 8 % styles.length]);
        things[op.slot()] = thing;
    }

    private void withoutThing(Op op) throws IOException {
        switch (op.kind()) {
            case CLOSE_DUP -> closeDup();
            case WAKEUP -> all(Player::wakeup);
            case INTERRUPT -> all(Player::interrupt);
            case WAIT -> all(Player::await);
            case THROW -> all(player -> player.interrupted(op.choice() % 4));
            default -> {
                // there is nothing in this place
            }
        }
    }

    private void with(Thing thing, Op op) throws IOException {
        int marker = data++;
        Interest chosen = INTERESTS.get(op.choice() % INTERESTS.size());
        // KQUEUE refuses an edge where nobody reads any more: see KqueueSelector.
        boolean refused = chosen.isEdgeTriggered() && thing.kind == Thing.Kind.PIPE_WRITER;
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

    private void register(Thing thing, Interest events, int marker) throws IOException {
        boolean isTaken = !thing.isOpen() && (oracle.poll(thing.fd, 0, 0) & Oracle.POLLNVAL) == 0;
        if (thing.style != Thing.Style.BARE || !isTaken) { // else it is a number of somebody's who does not know of it
            all(player -> player.register(thing.object, events, marker, thing.isOpen()));
        }
    }

    private void happened(Thing thing, boolean bytes, boolean news) throws IOException {
        if (news && thing.isOpen() && !thing.isReplaced()) {
            all(player -> player.edge(thing.fd, bytes));
        }
    }

    private void close(Thing thing) throws IOException {
        if (!thing.isOpen()) {
            return;
        }
        if (thing.style == Thing.Style.LIBRARY) {
            all(player -> player.left(thing.object, thing.fd));
        }
        all(player -> player.dirty(thing.fd));
        thing.close();
    }

    private void dup(Thing thing) {
        if (thing.isOpen()) {
            if (dups.size() == DUPS) {
                closeDup();
            }
            dups.add(new Dup(thing, Libc.dup(thing.fd)));
        }
    }

    private void revive(Thing thing) {
        boolean isFree = !thing.isOpen() && (oracle.poll(thing.fd, 0, 0) & Oracle.POLLNVAL) != 0;
        if (isFree && thing.style != Thing.Style.LIBRARY) {
            dups.stream().filter(dup -> dup.thing().equals(thing)).findFirst().ifPresent(dup -> {
                Libc.dupOnto(dup.fd(), thing.fd);
                thing.reopen();
            });
        }
    }

    private void dup2(Thing thing, @Nullable Thing other) throws IOException {
        if (other != null
                && thing.isOpen()
                && other.isOpen()
                && thing.fd != other.fd
                && thing.kind == Thing.Kind.SOCKET_PAIR
                && other.kind == Thing.Kind.SOCKET_PAIR
                && thing.style != Thing.Style.LIBRARY) {
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
        players.forEach(Player::close);
        while (!dups.isEmpty()) {
            closeDup();
        }
        for (Thing thing : things) {
            if (thing != null) {
                if (thing.isOpen()) {
                    thing.close();
                }
                thing.closePeer();
            }
        }
    }
}
