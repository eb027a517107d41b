package io.selectors4j.stress.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.stress.RunCounts;
import io.selectors4j.stress.load.Clients.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An echo server, its clients, and what has to be true of them: after each part, while nothing happens, and in the end.
final class EchoLoad {

    private static final RunCounts TALLY = new RunCounts("load");

    /// What the server's memory may grow by after the warm-up, in KB. Its heap is touched beforehand, all of it, so this is what is compiled and
    /// loaded late, and what the collector and malloc keep for themselves: some MB. If each of 100,000 connections left 400 bytes behind, it would
    /// be more.
    private static final long RESIDENT_SLACK = 40_000;

    /// What its heap may, in bytes, for as many connections: some 100 KB. 42 bytes for each of 100,000 connections would be more.
    private static final long HEAP_SLACK = 4 << 20;

    /// What a client that does not read may occupy of the server's heap: 64 messages of 1,000 bytes, and their objects.
    private static final long HEAP_FOR_HELD = 64 * 1_200;

    /// The part of a processor that is nothing: timers and late compilers take some, a loop that does not sleep takes all it can get.
    private static final double IDLE = 0.05;

    private static final int IDLE_ATTEMPTS = 20;

    /// Looks at a heap, which take their time.
    private static final int FEW = 20;

    /// Descriptors of a process of clients, at the most.
    private static final int OPEN_FILES = 20_000;

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final int KILLED = 137;
    private static final int REFUSALS = 100;

    private final Scale scale;
    private final long seed;
    private final EchoServer server;
    private final Clients clients;

    /// Descriptors of both, without a connection.
    private int serverFiles;

    private int clientFiles;

    /// The server's memory after the warm-up.
    private long resident;

    private long heap;

    private EchoLoad(Scale scale, long seed, EchoServer server, Clients clients) {
        this.scale = scale;
        this.seed = seed;
        this.server = server;
        this.clients = clients;
    }

    /// Does all of it.
    static void run(Scale scale, long seed) throws Exception {
        TALLY.seed(seed);
        long begin = System.nanoTime();
        try (EchoServer server = EchoServer.start(scale.openFiles());
                Clients clients = Clients.start("clients", server.port(), OPEN_FILES, seed)) {
            try {
                new EchoLoad(scale, seed, server, clients).run();
            } catch (AssertionError | IOException e) {
                throw new AssertionError(
                        "-Dstress.seed=" + seed + ": " + e.getMessage()
                                + server.java().report() + clients.report(),
                        e);
            }
        }
        TALLY.add("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
    }

    private void run() throws Exception {
        long refusals = Netstat.value("SyncookiesFailed");
        warmUp();
        for (int i = 0; i < scale.phases(); i++) {
            allAtOnce();
        }
        vanish();
        Reply reply = clients.run("leave " + scale.stayers() / 3);
        requireDescriptors(reply);
        assertThat(reply.of("resets")).as("resets").isGreaterThanOrEqualTo((long) scale.resets() * scale.phases());
        assertThat(reply.of("refused"))
                .as("refused connects, beside those that the kernel has refused")
                .isLessThanOrEqualTo(Netstat.value("SyncookiesFailed") - refusals);
        end(reply);
    }

    /// Lets both do everything once, and then looks what they need.
    private void warmUp() throws Exception {
        clients.run("load" + scale.load(SHORT, 2, 0));
        clients.run("release");
        Look.until(
                "no connection is left",
                FEW,
                () -> EchoServer.connections(server.java().heap()) == 0);
        serverFiles = server.java().descriptors();
        clientFiles = clients.java().descriptors();

        requireDescriptors(clients.run("stay " + scale.stayers()));
        clients.run("load" + scale.load(scale.phase().dividedBy(3), scale.held(), scale.flood()));
        heap = requireAtRest(clients.run("release")).bytes();
        resident = server.java().residentKilobytes();
    }

    /// All at once, then nothing, while those that read nothing and those that are half-closed are still there; then without them.
    private void allAtOnce() throws Exception {
        Reply reply = clients.run("load" + scale.load());
        requireDescriptors(reply);
        requireIdle(reply);
        int held = requireDescriptors(reply);
        assertThat(held - serverFiles).as("connections that the server keeps").isGreaterThan(scale.stayers());
        assertThat(server.java().heap().bytes() - heap)
                .as("bytes on the heap for %s clients that read nothing", scale.held())
                .isLessThan(scale.held() * HEAP_FOR_HELD + HEAP_SLACK);

        Heap after = requireAtRest(clients.run("release"));
        assertThat(after.bytes() - heap)
                .as("bytes on the heap that were not there before")
                .isLessThan(HEAP_SLACK);
        assertThat(server.java().residentKilobytes() - resident)
                .as("KB of memory that were not there before")
                .isLessThan(RESIDENT_SLACK);
    }

    /// A process of clients that is killed in the middle of what it says.
    private void vanish() throws Exception {
        Reply before = clients.run("idle 1");
        try (Clients others = Clients.start("vanishing clients", server.port(), OPEN_FILES, seed + 1)) {
            others.run("stay " + scale.held());
            String command = "load" + scale.load(SHORT, 2, 0);
            others.begin(command);
            others.awaitHalfway(command);
            others.java().kill();
            assertThat(others.java().exitCode()).isEqualTo(KILLED);
        }
        requireAtRest(before);
    }

    /// SIGTERM in the middle of everything.
    private void end(Reply before) throws Exception {
        String command = "end" + scale.load(SHORT, 0, 0);
        clients.begin(command);
        clients.awaitHalfway(command);
        server.java().terminate();
        assertThat(server.java().exitCode()).as("the server's exit code").isEqualTo(EchoServer.TERMINATED);
        assertThat(server.java().errors()).as("what the server says").isEmpty();
        assertThat(TcpTable.now().isListening(server.port()))
                .as("whether somebody still listens")
                .isFalse();

        Reply reply = clients.reply(command);
        assertThat(reply.of("open")).as("connections to nobody").isZero();
        assertThat(reply.of("refused") - before.of("refused"))
                .as("refused connects")
                .isGreaterThanOrEqualTo(REFUSALS);
        assertThat(clients.exitCode()).as("the clients' exit code").isZero();
        assertThat(clients.java().errors()).as("what the clients say").isEmpty();
        for (String name : List.of("connections", "messages", "resets", "bytes")) {
            TALLY.add(name, reply.of(name));
        }
        TALLY.add("refused", before.of("refused"));
    }

    /// Nobody but those who stay is there: everything is echoed, and each descriptor and each object belongs to one of them.
    ///
    /// @return the server's heap
    private Heap requireAtRest(Reply reply) throws Exception {
        assertThat(reply.of("echoed")).as("messages that are back").isEqualTo(reply.of("messages"));
        assertThat(reply.of("half")).as("half-closed connections").isZero();
        requireDescriptors(reply);
        long ghosts = TcpTable.now().ghosts(server.port());
        Heap now = server.java().heap();
        assertThat(EchoServer.connections(now)).as("connections on the heap").isEqualTo(reply.of("open") + ghosts);
        assertThat(EchoServer.sockets(now)).as("sockets on the heap").isEqualTo(1 + reply.of("open") + ghosts);
        return now;
    }

    /// A descriptor for each connection. Of those that the clients have half-closed, the server may have sent everything, and be done with them.
    ///
    /// @return how many the server has
    private int requireDescriptors(Reply reply) throws IOException, InterruptedException {
        assertThat(clients.java().descriptors() - clientFiles)
                .as("the clients' descriptors")
                .isEqualTo((int) reply.of("open"));
        Look.until("the server's descriptors are as many as its connections", () -> {
            long connections =
                    server.java().descriptors() - serverFiles - TcpTable.now().ghosts(server.port());
            return connections <= reply.of("open") && connections >= reply.of("open") - reply.of("half");
        });
        return server.java().descriptors();
    }

    /// Nobody sends or receives anything, and both processes sleep. They get some time to come to rest.
    private void requireIdle(Reply before) throws Exception {
        long most = (long)
                Math.ceil(IDLE * JavaProcess.TICKS_PER_SECOND * scale.idle().toMillis() / 1_000);
        long serverTicks = 0;
        long clientTicks = 0;
        long moves = before.of("moves");
        for (int i = 0; i < IDLE_ATTEMPTS; i++) {
            long serverBefore = server.java().ticks();
            long clientsBefore = clients.java().ticks();
            Reply after = clients.run("idle " + scale.idle().toMillis());
            serverTicks = server.java().ticks() - serverBefore;
            clientTicks = clients.java().ticks() - clientsBefore;
            if (serverTicks <= most && clientTicks <= most && after.of("moves") == moves) {
                return;
            }
            moves = after.of("moves");
        }
        throw new AssertionError("in " + scale.idle() + " without anything to do, the server has used a processor for "
                + serverTicks + " ticks, and the clients for " + clientTicks + "; the clients have sent and received "
                + (moves - before.of("moves")) + " times");
    }
}
