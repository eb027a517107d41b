package io.selectors4j.stress.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.stress.RunCounts;
import io.selectors4j.stress.load.ClientProcess.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// An echo server and its clients, checked after each phase of load, while idle, and at the end.
final class EchoLoad {

    /// The server's listener, and the two sockets of its stop request.
    private static final int OWN_SOCKETS = 3;

    private static final RunCounts COUNTS = new RunCounts("load");

    /// The allowed growth of the server's resident set after the warm-up, in KB. The heap is touched beforehand, so the
    /// growth is late compilation and class loading, and memory that the collector and malloc keep: some MB. 400 bytes
    /// left behind by each of 100,000 connections would be more.
    private static final long RESIDENT_SLACK = 40_000;

    /// The allowed growth of the server's heap for as many connections, in bytes: usually some 100 KB. 42 bytes left
    /// behind by each of 100,000 connections would be more.
    private static final long HEAP_SLACK = 4 << 20;

    /// The server's heap memory for a client that does not read, in bytes: 64 messages of 1,000 bytes, and their
    /// objects.
    private static final long HEAP_FOR_HELD = 64 * 1_200;

    /// The share of a processor that counts as idle. Timers and late compilers take some; a busy loop takes all.
    private static final double IDLE = 0.05;

    private static final int IDLE_ATTEMPTS = 20;

    /// The limit of open descriptors of a client process.
    private static final int MAX_OPEN_FILES = 20_000;

    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final int KILLED = 137;
    private static final int REFUSALS = 100;

    private final LoadScale scale;
    private final long seed;
    private final EchoServer server;
    private final ClientProcess clients;

    /// The descriptors of both processes without a connection.
    private int serverFiles;

    private int clientFiles;

    /// The server's memory after the warm-up.
    private long resident;

    private long heap;

    private EchoLoad(LoadScale scale, long seed, EchoServer server, ClientProcess clients) {
        this.scale = scale;
        this.seed = seed;
        this.server = server;
        this.clients = clients;
    }

    /// Runs the load test.
    ///
    /// @param backend the backend of the server's selector
    static void run(LoadScale scale, long seed, Backend backend) throws Exception {
        COUNTS.seed(seed);
        long begin = System.nanoTime();
        try (EchoServer server = EchoServer.start(scale.maxOpenFiles(), backend);
                ClientProcess clients = ClientProcess.start("clients", server.port(), MAX_OPEN_FILES, seed)) {
            try {
                new EchoLoad(scale, seed, server, clients).run();
            } catch (AssertionError | IOException e) {
                throw new AssertionError(
                        "-Dstress.seed=" + seed + ", " + backend + ": " + e.getMessage()
                                + server.java().report() + clients.report(),
                        e);
            }
        }
        COUNTS.add("seconds", TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin));
    }

    private void run() throws Exception {
        long refusals = Netstat.value("SyncookiesFailed");
        warmUp();
        for (int i = 0; i < scale.phases(); i++) {
            allAtOnce();
        }
        vanish();
        Reply reply = clients.run("leave " + scale.longLived() / 3);
        requireDescriptors(reply);
        assertThat(reply.of("resets")).as("resets").isGreaterThanOrEqualTo((long) scale.resets() * scale.phases());
        assertThat(reply.of("refused"))
                .as("refused connects, beyond the kernel's count")
                .isLessThanOrEqualTo(Netstat.value("SyncookiesFailed") - refusals);
        end(reply);
    }

    /// Runs every kind of client once, and then measures the descriptors and memory of both processes.
    private void warmUp() throws Exception {
        clients.run("load" + scale.load(SHORT, 2, 0));
        clients.run("release");
        Eventually.until(
                "the server has no connection",
                () -> EchoServer.connections(server.java().heap()) == 0);
        serverFiles = server.java().descriptors();
        clientFiles = clients.java().descriptors();

        requireDescriptors(clients.run("stay " + scale.longLived()));
        clients.run("load" + scale.load(scale.phase().dividedBy(3), scale.neverReaders(), scale.flood()));
        heap = requireAtRest(clients.run("release")).bytes();
        resident = server.java().residentKilobytes();
    }

    /// Runs all kinds of clients at once. Then checks that both processes are idle with the never-readers and
    /// half-closed connections, and without them.
    private void allAtOnce() throws Exception {
        Reply reply = clients.run("load" + scale.load());
        requireDescriptors(reply);
        requireIdle(reply);
        int neverReaders = requireDescriptors(reply);
        assertThat(neverReaders - serverFiles).as("connections of the server").isGreaterThan(scale.longLived());
        assertThat(server.java().heap().bytes() - heap)
                .as("bytes on the heap for %s clients that read nothing", scale.neverReaders())
                .isLessThan(scale.neverReaders() * HEAP_FOR_HELD + HEAP_SLACK);

        HeapHistogram after = requireAtRest(clients.run("release"));
        assertThat(after.bytes() - heap).as("growth of the heap in bytes").isLessThan(HEAP_SLACK);
        assertThat(server.java().residentKilobytes() - resident)
                .as("growth of the resident set in KB")
                .isLessThan(RESIDENT_SLACK);
    }

    /// Kills a client process in the middle of its load.
    private void vanish() throws Exception {
        Reply before = clients.run("idle 1");
        try (ClientProcess others = ClientProcess.start("vanishing clients", server.port(), MAX_OPEN_FILES, seed + 1)) {
            others.run("stay " + scale.neverReaders());
            String command = "load" + scale.load(SHORT, 2, 0);
            others.begin(command);
            others.awaitHalfway(command);
            others.java().kill();
            assertThat(others.java().exitCode()).isEqualTo(KILLED);
        }
        requireAtRest(before);
    }

    /// Ends the server with SIGTERM in the middle of the load.
    private void end(Reply before) throws Exception {
        String command = "end" + scale.load(SHORT, 0, 0);
        clients.begin(command);
        clients.awaitHalfway(command);
        server.java().terminate();
        assertThat(server.java().exitCode()).as("the server's exit code").isEqualTo(EchoServer.TERMINATED);
        assertThat(server.java().errors()).as("the server's standard error").isEmpty();
        assertThat(TcpTable.now().isListening(server.port()))
                .as("a process still listens")
                .isFalse();

        Reply reply = clients.reply(command);
        assertThat(reply.of("open")).as("open connections without a server").isZero();
        assertThat(reply.of("refused") - before.of("refused"))
                .as("refused connects")
                .isGreaterThanOrEqualTo(REFUSALS);
        assertThat(clients.exitCode()).as("the clients' exit code").isZero();
        assertThat(clients.java().errors()).as("the clients' standard error").isEmpty();
        for (String name : List.of("connections", "messages", "resets", "bytes")) {
            COUNTS.add(name, reply.of(name));
        }
        COUNTS.add("refused", before.of("refused"));
    }

    /// Requires that only long-lived clients are connected, that everything is echoed, and that each descriptor and
    /// each object belongs to one of them.
    ///
    /// @return the server's heap
    private HeapHistogram requireAtRest(Reply reply) throws Exception {
        assertThat(reply.of("echoed")).as("echoed messages").isEqualTo(reply.of("messages"));
        assertThat(reply.of("half")).as("half-closed connections").isZero();
        requireDescriptors(reply);
        long orphans = TcpTable.now().orphans(server.port());
        HeapHistogram now = server.java().heap();
        assertThat(EchoServer.connections(now)).as("connections on the heap").isEqualTo(reply.of("open") + orphans);
        assertThat(EchoServer.sockets(now))
                .as("sockets on the heap")
                .isEqualTo(OWN_SOCKETS + reply.of("open") + orphans);
        return now;
    }

    /// Requires one descriptor for each connection. The server may already have closed connections that the clients
    /// have half-closed.
    ///
    /// @return the number of the server's descriptors
    private int requireDescriptors(Reply reply) throws IOException, InterruptedException {
        assertThat(clients.java().descriptors() - clientFiles)
                .as("the clients' descriptors")
                .isEqualTo((int) reply.of("open"));
        Eventually.until("the server has one descriptor for each connection", () -> {
            long connections =
                    server.java().descriptors() - serverFiles - TcpTable.now().orphans(server.port());
            return connections <= reply.of("open") && connections >= reply.of("open") - reply.of("half");
        });
        return server.java().descriptors();
    }

    /// Requires that no client makes progress and that both processes use almost no processor time. Several attempts
    /// give them time to become idle.
    private void requireIdle(Reply before) throws Exception {
        long most = (long)
                Math.ceil(IDLE * JavaProcess.TICKS_PER_SECOND * scale.idle().toMillis() / 1_000);
        long serverTicks = 0;
        long clientTicks = 0;
        long operations = before.of("operations");
        for (int i = 0; i < IDLE_ATTEMPTS; i++) {
            long serverBefore = server.java().ticks();
            long clientsBefore = clients.java().ticks();
            Reply after = clients.run("idle " + scale.idle().toMillis());
            serverTicks = server.java().ticks() - serverBefore;
            clientTicks = clients.java().ticks() - clientsBefore;
            if (serverTicks <= most && clientTicks <= most && after.of("operations") == operations) {
                return;
            }
            operations = after.of("operations");
        }
        throw new AssertionError("in " + scale.idle() + " of idle time, the server used "
                + serverTicks + " ticks of processor time, and the clients " + clientTicks + "; the clients made "
                + (operations - before.of("operations")) + " operations");
    }
}
