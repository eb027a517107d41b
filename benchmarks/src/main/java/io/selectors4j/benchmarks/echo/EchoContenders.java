package io.selectors4j.benchmarks.echo;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;
import io.selectors4j.Backend;
import io.selectors4j.benchmarks.CPrograms;
import io.selectors4j.benchmarks.Contender;
import io.selectors4j.benchmarks.ForeignCalls;
import io.selectors4j.benchmarks.PeerPrograms;
import io.selectors4j.benchmarks.load.Turns.Situation;
import io.selectors4j.nio.SelectorsProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// The servers, as processes.
final class EchoContenders {

    static final String C = "C";
    static final String C_IO_URING = "C, io_uring";
    static final String C_POLL = "C, poll";
    static final String C_SELECT = "C, select";
    static final String FOREIGN = "bare foreign calls";
    static final String OURS = "EPOLL, handler";
    static final String OURS_IO_URING = "IO_URING, batched, handler";
    static final String NIO = "NIO";
    static final String NIO_IO_URING = "NIO on IO_URING";
    static final String NIO_CONSUMER = "NIO, consumer";
    static final String NETTY_EPOLL = "Netty, epoll";
    static final String NETTY_IO_URING = "Netty, io_uring";
    static final String LIBUV = "libuv";
    static final String MIO = "mio";
    static final String PYTHON = "Python selectors";

    /// The number of descriptors of a C program besides its connections, at most.
    private static final int OTHER_DESCRIPTORS = 10;

    private EchoContenders() {}

    /// Returns the servers that `./bench ratios` compares.
    ///
    /// @return the servers that run here; a message names each that does not
    static List<Contender> few() throws IOException, InterruptedException {
        List<Contender> servers = new ArrayList<>();
        CPrograms.compile("echo").ifPresent(program -> servers.add(Contender.program(C, program)));
        servers.add(ours());
        servers.add(Contender.task(NIO, ServerTask.class, "nio"));
        if (Epoll.isAvailable()) {
            servers.add(netty(NETTY_EPOLL, "netty-epoll"));
        } else {
            reportSkipped(NETTY_EPOLL, Epoll.unavailabilityCause());
        }
        return servers;
    }

    /// Returns all servers.
    ///
    /// @return the servers that run here; a message names each that does not
    static List<Contender> all() throws IOException, InterruptedException {
        List<Contender> servers = few();
        if (ForeignCalls.AVAILABLE) {
            servers.add(Contender.task(FOREIGN, ServerTask.class, "foreign"));
        }
        servers.add(Contender.task(NIO_CONSUMER, ServerTask.class, "nio-consumer"));
        servers.addAll(withIoUring());
        CPrograms.compile("echo_poll").ifPresent(program -> servers.add(Contender.program(C_POLL, program)));
        servers.add(Contender.task("POLL, handler", ServerTask.class, "selectors4j-poll"));
        CPrograms.compile("echo_select").ifPresent(program -> servers.add(Contender.program(C_SELECT, program)));
        servers.add(Contender.task("SELECT, handler", ServerTask.class, "selectors4j-select"));
        CPrograms.compile("echo_libuv", "-luv").ifPresent(program -> servers.add(Contender.program(LIBUV, program)));
        PeerPrograms.mio().ifPresent(program -> servers.add(Contender.program(MIO, program)));
        PeerPrograms.python("echo").ifPresent(command -> servers.add(new Contender(PYTHON, command)));
        return servers;
    }

    /// Returns the servers that can serve a number of clients.
    ///
    /// @return the servers; a message names each that cannot
    static List<Contender> serving(Situation situation, List<Contender> servers) {
        int descriptors = situation.busy() + situation.idle() + OTHER_DESCRIPTORS;
        if (descriptors <= CPrograms.FD_SETSIZE) {
            return servers;
        }
        List<Contender> others = new ArrayList<>(servers);
        if (others.removeIf(server -> server.name().equals(C_SELECT))) {
            System.err.println("skipping " + C_SELECT + " with " + situation + " connections: select(2) is limited to "
                    + CPrograms.FD_SETSIZE + " descriptors");
        }
        return others;
    }

    /// Returns the servers that use io_uring.
    ///
    /// @return the servers that run here; a message names each that does not
    private static List<Contender> withIoUring() throws IOException, InterruptedException {
        List<Contender> servers = new ArrayList<>();
        if (Backend.IO_URING.isAvailable()) {
            CPrograms.compile("echo_uring").ifPresent(program -> servers.add(Contender.program(C_IO_URING, program)));
            servers.add(Contender.task(OURS_IO_URING, ServerTask.class, "selectors4j-io_uring"));
            servers.add(Contender.task(NIO_IO_URING, ServerTask.class, "nio")
                    .with(
                            "-Djava.nio.channels.spi.SelectorProvider=" + SelectorsProvider.class.getName(),
                            "-Dio.selectors4j.nio.backend=" + Backend.IO_URING));
        }
        if (IoUring.isAvailable()) {
            servers.add(netty(NETTY_IO_URING, "netty-io_uring"));
        } else {
            reportSkipped(NETTY_IO_URING, IoUring.unavailabilityCause());
        }
        return servers;
    }

    /// Returns the servers that the ratios of io_uring compare.
    ///
    /// @return the servers that run here; a message names each that does not
    static List<Contender> ofIoUring() throws IOException, InterruptedException {
        List<Contender> servers = new ArrayList<>();
        CPrograms.compile("echo").ifPresent(program -> servers.add(Contender.program(C, program)));
        servers.add(Contender.task(NIO, ServerTask.class, "nio"));
        servers.addAll(withIoUring());
        return servers;
    }

    /// Returns the server with selectors4j and the one with bare foreign calls.
    static List<Contender> bare() {
        return List.of(ours(), Contender.task(FOREIGN, ServerTask.class, "foreign"));
    }

    /// Returns the server with selectors4j.
    static Contender ours() {
        return Contender.task(OURS, ServerTask.class, "selectors4j");
    }

    /// Returns Netty in its fastest configuration: since Java 25, it uses unchecked memory access only with this
    /// option.
    private static Contender netty(String name, String kind) {
        return Contender.task(name, ServerTask.class, kind).with("--sun-misc-unsafe-memory-access=allow");
    }

    private static void reportSkipped(String name, Throwable cause) {
        System.err.println("skipping " + name + ": " + cause);
    }
}
