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

/// All clients of a process, and what they share.
final class ClientPool {

    private static final int BUFFER = 1 << 16;
    private static final List<Client.Mode> MODES = List.of(Client.Mode.values());

    private final Selector<Source> selector;
    private final SocketAddress server;
    private final Contents contents;
    private final SplittableRandom random;
    private final Counts counts = new Counts();
    private final ByteBuffer heap = ByteBuffer.allocate(BUFFER);
    private final ByteBuffer direct = ByteBuffer.allocateDirect(BUFFER);

    private final Set<Client> present = new LinkedHashSet<>();

    /// Of these, the ones that say nothing now; the one that said something last is the last.
    private final SequencedSet<LongLivedClient> resting = new LinkedHashSet<>();

    private final List<SlowReader> slow = new ArrayList<>();
    private final List<NeverReader> held = new ArrayList<>();
    private int stayers;
    private int passing;
    private long lastNumber;
    private boolean isHurried;
    private boolean isEnding;

    ClientPool(Selector<Source> selector, SocketAddress server, long seed) {
        this.selector = selector;
        this.server = server;
        contents = new Contents(seed);
        random = new SplittableRandom(seed);
    }

    Selector<Source> selector() {
        return selector;
    }

    SocketAddress server() {
        return server;
    }

    Contents contents() {
        return contents;
    }

    Counts counts() {
        return counts;
    }

    long nextNumber() {
        return ++lastNumber;
    }

    /// Memory to receive into, for now: a direct buffer or one on the heap, as a connection's number has it.
    ByteBuffer buffer(long number) {
        return (number % 2 == 0 ? direct : heap).clear();
    }

    /// Whether the slow ones are to read as fast as they can.
    boolean isHurried() {
        return isHurried;
    }

    void setHurried(boolean isHurried) {
        this.isHurried = isHurried;
    }

    /// Whether the server may go now.
    boolean isEnding() {
        return isEnding;
    }

    void setEnding() {
        isEnding = true;
    }

    /// How many connections are open, or about to be.
    int open() {
        return present.size();
    }

    /// Of these, how many are half-closed. The server may have sent all and closed them: the rest is up to the kernel.
    long halfClosed() {
        return present.stream().filter(Client::isShutDown).count();
    }

    /// How many have come, and have not gone yet.
    int passing() {
        return passing;
    }

    /// How many of those that stay are saying something.
    int busy() {
        return stayers - resting.size();
    }

    int stayers() {
        return stayers;
    }

    void add(Client client) {
        present.add(client);
        if (client.isPassing()) {
            passing++;
        }
    }

    void remove(Client client) {
        present.remove(client);
        if (client.isPassing()) {
            passing--;
        }
        if (client instanceof LongLivedClient stayer) {
            stayers--;
            resting.remove(stayer);
        }
    }

    /// One more that stays.
    void addStayer() throws IOException {
        stayers++;
        new LongLivedClient(this, MODES.get(stayers % MODES.size()), random).start();
    }

    /// Takes in one that has said everything.
    void rest(LongLivedClient stayer) {
        resting.add(stayer);
    }

    /// Lets the one that has been silent for longest say something.
    void sayNext() throws IOException {
        resting.removeFirst().say(random);
    }

    /// Lets one that stays go.
    void leaveNext() throws IOException {
        resting.removeFirst().leave();
    }

    void addVisitor(ShortLivedClient.Exit exit) throws IOException {
        new ShortLivedClient(this, exit, random).come();
    }

    /// One of these ways to go.
    ShortLivedClient.Exit exit(List<ShortLivedClient.Exit> exits) {
        return exits.get(random.nextInt(exits.size()));
    }

    /// One more that reads nothing.
    ///
    /// @param length how much it sends
    void addNeverReader(long length) throws IOException {
        NeverReader added = new NeverReader(this, length);
        held.add(added);
        added.start();
    }

    /// Lets those that have read nothing read, or vanish.
    void releaseHeld() throws IOException {
        for (int i = 0; i < held.size(); i++) {
            switch (i % 3) {
                case 0 -> held.get(i).release();
                case 1 -> held.get(i).reset();
                default -> held.get(i).close();
            }
        }
        held.clear();
    }

    /// How many read nothing.
    int held() {
        held.removeIf(client -> !client.isOpen());
        return held.size();
    }

    /// Of these, how many are not yet sure that the server has them.
    long unsure() {
        return held.stream().filter(client -> !client.isAccepted()).count();
    }

    /// Lets so many read slowly, and each of them read a little.
    void readSlowly(int count) throws IOException {
        slow.removeIf(reader -> !reader.isOpen());
        while (slow.size() < count) {
            SlowReader added = new SlowReader(this, random);
            slow.add(added);
            added.start();
        }
        for (SlowReader reader : slow) {
            if (reader.isOpen()) {
                reader.bite();
            }
        }
    }

    /// Looks after all of them: to be called once in a second.
    void look() throws IOException {
        for (Client client : present) {
            client.look();
        }
    }
}
