package io.selectors4j.stress.load;

import io.selectors4j.Selector;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;
import java.util.SplittableRandom;

/// All clients of a process, and the objects that they share.
final class ClientPool {

    private static final int BUFFER = 1 << 16;
    private static final List<Client.Mode> MODES = List.of(Client.Mode.values());

    private final Selector<ReadyCallback> selector;
    private final SocketAddress server;
    private final Payload contents;
    private final SplittableRandom random;
    private final Counts counts = new Counts();
    private final ByteBuffer heap = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER);

    private final Set<Client> clients = new LinkedHashSet<>();

    /// The long-lived clients that are idle, the most recently active client last.
    private final SequencedSet<LongLivedClient> idle = new LinkedHashSet<>();

    private final List<SlowReader> slow = new ArrayList<>();
    private final List<NeverReader> neverReaders = new ArrayList<>();
    private int longLived;
    private int shortLived;
    private long lastNumber;
    private boolean readsFast;
    private boolean isEnding;

    ClientPool(Selector<ReadyCallback> selector, SocketAddress server, long seed) {
        this.selector = selector;
        this.server = server;
        contents = new Payload(seed);
        random = new SplittableRandom(seed);
    }

    Selector<ReadyCallback> selector() {
        return selector;
    }

    SocketAddress server() {
        return server;
    }

    Payload contents() {
        return contents;
    }

    Counts counts() {
        return counts;
    }

    long nextNumber() {
        return ++lastNumber;
    }

    /// Returns a buffer to receive into: the direct buffer for an even number of a connection, and the heap buffer for
    /// an odd number.
    ByteBuffer buffer(long number) {
        return (number % 2 == 0 ? direct : heap).clear();
    }

    /// Returns whether slow readers read as fast as they can.
    boolean readsFast() {
        return readsFast;
    }

    void setReadsFast(boolean readsFast) {
        this.readsFast = readsFast;
    }

    /// Returns whether the server may end now.
    boolean isEnding() {
        return isEnding;
    }

    void setEnding() {
        isEnding = true;
    }

    /// Returns the number of clients whose connection is open or being opened.
    int open() {
        return clients.size();
    }

    /// Returns the number of clients that have half-closed their connection. The server may already have sent
    /// everything and closed such a connection; the rest is in the kernel's buffers.
    long halfClosed() {
        return clients.stream().filter(Client::isShutDown).count();
    }

    /// Returns the number of open short-lived clients.
    int shortLived() {
        return shortLived;
    }

    /// Returns the number of long-lived clients that are sending.
    int busy() {
        return longLived - idle.size();
    }

    int longLived() {
        return longLived;
    }

    void add(Client client) {
        clients.add(client);
        if (client.isShortLived()) {
            shortLived++;
        }
    }

    void remove(Client client) {
        clients.remove(client);
        if (client.isShortLived()) {
            shortLived--;
        }
        if (client instanceof LongLivedClient stayer) {
            longLived--;
            idle.remove(stayer);
        }
    }

    /// Connects one more long-lived client.
    void addLongLived() throws IOException {
        longLived++;
        new LongLivedClient(this, MODES.get(longLived % MODES.size()), random).start();
    }

    /// Marks a long-lived client as idle.
    void addIdle(LongLivedClient stayer) {
        idle.add(stayer);
    }

    /// Makes the client that was idle for longest send messages.
    void sendNext() throws IOException {
        idle.removeFirst().send(random);
    }

    /// Makes the client that was idle for longest close its connection.
    void shutdownNext() throws IOException {
        idle.removeFirst().shutDown();
    }

    void addShortLived(ShortLivedClient.Exit exit) throws IOException {
        new ShortLivedClient(this, exit, random).connect();
    }

    /// Returns a random element.
    ShortLivedClient.Exit exit(List<ShortLivedClient.Exit> exits) {
        return exits.get(random.nextInt(exits.size()));
    }

    /// Connects one more client that reads nothing.
    ///
    /// @param length the number of bytes that it sends
    void addNeverReader(long length) throws IOException {
        NeverReader added = new NeverReader(this, length);
        neverReaders.add(added);
        added.start();
    }

    /// Makes each never-reader read everything, or reset or close its connection.
    void releaseNeverReaders() throws IOException {
        for (int i = 0; i < neverReaders.size(); i++) {
            switch (i % 3) {
                case 0 -> neverReaders.get(i).release();
                case 1 -> neverReaders.get(i).reset();
                default -> neverReaders.get(i).close();
            }
        }
        neverReaders.clear();
    }

    /// Returns the number of open never-readers.
    int neverReaders() {
        neverReaders.removeIf(client -> !client.isOpen());
        return neverReaders.size();
    }

    /// Returns the number of never-readers that do not know yet whether the server has accepted their connection.
    long unaccepted() {
        return neverReaders.stream().filter(client -> !client.isAccepted()).count();
    }

    /// Keeps so many slow readers connected, and makes each of them read a small part.
    void readSlowly(int count) throws IOException {
        slow.removeIf(reader -> !reader.isOpen());
        while (slow.size() < count) {
            SlowReader added = new SlowReader(this, random);
            slow.add(added);
            added.start();
        }
        for (SlowReader reader : slow) {
            if (reader.isOpen()) {
                reader.readSome();
            }
        }
    }

    /// Checks the progress of all clients. The caller calls this method once a second.
    void checkProgress() throws IOException {
        for (Client client : clients) {
            client.checkProgress();
        }
    }
}
