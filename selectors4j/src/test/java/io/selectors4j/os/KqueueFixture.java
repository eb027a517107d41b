package io.selectors4j.os;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.testing.SimulatedKqueue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A simulated kqueue with the layout of each system, and a pair of sockets. The constants of [Kqueue] have the numbers
/// of the system that runs the test; [#n] returns the numbers of the simulated system.
@ParameterizedClass
@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LIBKQUEUE")
@Timeout(240)
abstract class KqueueFixture {

    static final Duration LONG = Duration.ofMinutes(1);
    static final Duration NOW = Duration.ZERO;

    final KqueueSystem system;
    final SimulatedKqueue kernel;
    final KqueueLibc libc;

    Kqueue kqueue;
    private SocketFd.Pair pair;
    SocketFd a;
    SocketFd b;

    KqueueFixture(KqueueSystem system) {
        this.system = system;
        kernel = new SimulatedKqueue(system);
        libc = new KqueueLibc(system, kernel.lookup());
    }

    @BeforeEach
    void open() throws Exception {
        kqueue = Kqueue.create(libc);
        pair = SocketFd.pair(SocketFd.Type.STREAM);
        a = pair.first();
        b = pair.second();
    }

    @AfterEach
    void close() throws Exception {
        pair.close();
        kqueue.close();
        assertThat(kernel.failure()).isNull();
    }

    /// Returns the number of a constant on the simulated system.
    int n(String name) {
        return system.number(name);
    }

    /// Combines flags.
    int flags(String... names) {
        int flags = 0;
        for (String name : names) {
            flags |= n(name);
        }
        return flags;
    }

    Kevent read(Pollable object, String... flags) {
        return new Kevent(object, n("EVFILT_READ"), flags(flags));
    }

    Kevent write(Pollable object, String... flags) {
        return new Kevent(object, n("EVFILT_WRITE"), flags(flags));
    }

    Kevent user(long ident, String... flags) {
        return new Kevent(ident, n("EVFILT_USER"), flags(flags));
    }

    Kevent trigger(long ident) {
        return user(ident).withFflags(Integer.toUnsignedLong(n("NOTE_TRIGGER")));
    }

    void change(Kevent... changes) throws IOException {
        assertThat(kqueue.control(List.of(changes), 0)).isEmpty();
    }

    /// Returns the pending events without waiting.
    List<Kevent> pending() throws IOException {
        return kqueue.control(null, 10, NOW);
    }

    static ByteBuffer bytes(int count) {
        return ByteBuffer.allocate(count);
    }

    static void assertErrno(String name, ThrowingCallable call) {
        assertThatExceptionOfType(NativeIOException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.errnoName()).as(e.getMessage()).isEqualTo(name));
    }
}
