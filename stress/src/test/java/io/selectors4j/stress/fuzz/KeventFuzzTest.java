package io.selectors4j.stress.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.selectors4j.Interest;
import io.selectors4j.KqueueSelectors;
import io.selectors4j.NativeIOException;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.EventFd;
import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.sys.KqueueInstance;
import io.selectors4j.internal.sys.KqueueNames;
import io.selectors4j.os.Kevent;
import io.selectors4j.os.Kevents;
import io.selectors4j.os.Kqueue;
import io.selectors4j.os.Kqueues;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/// Random bytes in place of the `struct kevent` of each system.
@Tag("ci")
@Tag("linux")
@ExtendWith(Fuzzing.class)
class KeventFuzzTest {

    private static final int MAX_EVENTS = 8;

    private static final List<EventFd> OBJECTS = new ArrayList<>();
    private static final List<RandomKqueue> KERNELS = new ArrayList<>();

    @BeforeAll
    static void open() throws IOException {
        for (int i = 0; i < 3; i++) {
            OBJECTS.add(EventFd.open(i));
        }
        for (KqueueSystem system : KqueueSystem.values()) {
            KERNELS.add(new RandomKqueue(system, OBJECTS.getFirst().fileno()));
        }
    }

    @AfterAll
    static void close() throws IOException {
        for (EventFd object : OBJECTS) {
            object.close();
        }
        OBJECTS.clear();
        KERNELS.clear();
    }

    @FuzzTest
    void randomBytes_areEvents(byte[] bytes) throws Exception {
        Fuzzing.run(bytes, input -> {
            RandomKqueue kernel = KERNELS.get(input.below(KERNELS.size()));
            switch (input.below(3)) {
                case 0 -> readArray(kernel, input);
                case 1 -> control(kernel, input);
                default -> select(kernel, input);
            }
        });
    }

    /// Reads and writes each field without the library.
    private static void readArray(RandomKqueue kernel, Input input) {
        KqueueSystem system = kernel.system();
        boolean wide = system == KqueueSystem.NETBSD;
        int size = wide ? 40 : system == KqueueSystem.FREEBSD ? 64 : 32;
        byte[] bytes = input.take(MAX_EVENTS * size);
        int count = bytes.length / size;
        KeventArray array = new KeventArray(system, count);
        assertThat(array.segment().byteSize()).isEqualTo((long) count * size);
        MemorySegment.copy(MemorySegment.ofArray(bytes), 0, array.segment(), 0, (long) count * size);
        KeventArray copy = new KeventArray(system, count);
        KqueueInstance kqueue = kernel.closed();
        for (int i = 0; i < count; i++) {
            ByteBuffer event = ByteBuffer.wrap(bytes, i * size, size).slice().order(ByteOrder.nativeOrder());
            assertThat(array.ident(i)).isEqualTo(event.getLong(0));
            assertThat(array.filter(i)).isEqualTo(wide ? event.getInt(8) : event.getShort(8));
            assertThat(array.flags(i)).isEqualTo((wide ? event.getInt(12) : event.getShort(10)) & 0xFFFF);
            assertThat(array.fflags(i)).isEqualTo(event.getInt(wide ? 16 : 12));
            assertThat(array.data(i)).isEqualTo(event.getLong(wide ? 24 : 16));
            assertThat(array.udata(i)).isEqualTo(event.getLong(wide ? 32 : 24));
            assertThat(kqueue.pollEvents(array, i) == 0).isEqualTo(kqueue.filter(array, i) == 0);
            assertThat(nameOf(system, array, i)).contains("ident=" + Long.toUnsignedString(event.getLong(0)));
            copy.set(
                    i, array.ident(i), array.filter(i), array.flags(i), array.fflags(i), array.data(i), array.udata(i));
            if (wide) {
                event.putShort(14, (short) 0); // the upper half of flags
                event.putInt(20, 0); // padding
            }
            if (size == 64) {
                event.position(32).put(new byte[32]); // ext
            }
        }
        assertThat(copy.segment().mismatch(MemorySegment.ofArray(bytes).asSlice(0, (long) count * size)))
                .isEqualTo(-1);
    }

    private static String nameOf(KqueueSystem system, KeventArray array, int index) {
        return new KqueueNames(system)
                .event(
                        array.ident(index),
                        array.filter(index),
                        array.flags(index),
                        Integer.toUnsignedLong(array.fflags(index)),
                        array.data(index),
                        array.udata(index));
    }

    /// Reads the events by the public classes.
    private static void control(RandomKqueue kernel, Input input) throws IOException {
        kernel.useInput(input, true);
        try (Kqueue kqueue =
                Kqueues.fromFd(kernel.libc(), Libc.dup(OBJECTS.getFirst().fileno()))) {
            Kevents found = Kqueues.memory(kernel.libc(), MAX_EVENTS);
            while (input.hasMore()) {
                int size = kqueue.control(null, found, Duration.ZERO);
                assertThat(found.size()).isEqualTo(size);
                for (int i = 0; i < size; i++) {
                    Kevent event = found.get(i);
                    assertThat(event.ident()).isEqualTo(found.ident(i));
                    assertThat(event.toString()).contains("data=" + event.data());
                }
                Kevent change =
                        new Kevent(OBJECTS.get(1).fileno(), input.choose(Kqueue.EVFILT_READ, Kqueue.EVFILT_USER));
                List<Kevent> answers = kqueue.control(List.of(change), input.below(2), Duration.ZERO);
                assertThat(answers).hasSizeLessThanOrEqualTo(1);
            }
        }
    }

    /// A selector that receives unrequested events.
    private static void select(RandomKqueue kernel, Input input) throws IOException {
        kernel.useInput(input, input.flag());
        List<EventFd> registered = new ArrayList<>();
        try (Selector<String> selector = openSelector(kernel)) {
            while (selector != null && input.hasMore()) {
                EventFd object = OBJECTS.get(input.below(OBJECTS.size()));
                try {
                    step(selector, registered, object, input);
                } catch (NativeIOException e) {
                    assertThat(e.getMessage()).matches("kevent\\(.*\\): (E\\w+|errno) \\(-?\\d+\\) .+");
                }
            }
        }
    }

    private static @Nullable Selector<String> openSelector(RandomKqueue kernel) throws IOException {
        try {
            return KqueueSelectors.open(kernel.libc());
        } catch (NativeIOException e) {
            assertThat(e.getMessage()).startsWith("kevent(EV_ADD, fd=");
            return null;
        }
    }

    private static void step(Selector<String> selector, List<EventFd> registered, EventFd object, Input input)
            throws IOException {
        boolean isRegistered = registered.contains(object);
        Interest interest = input.choose(
                Interest.READ,
                Interest.READ_WRITE,
                Interest.READ.oneShot(),
                Interest.READ_WRITE.oneShot(),
                Interest.WRITE.edgeTriggered());
        switch (input.below(3)) {
            case 0 -> {
                if (isRegistered) {
                    selector.modify(object, interest, "");
                } else {
                    selector.register(object, interest, "");
                    registered.add(object);
                }
            }
            case 1 -> {
                if (isRegistered) {
                    selector.unregister(object);
                    registered.remove(object);
                }
            }
            default -> {
                for (ReadyKey<String> ready : selector.selectNow()) {
                    assertThat(registered).contains((EventFd) ready.key().fileobj());
                    assertThat(ready.readiness().nativeMask()).isNotZero();
                }
            }
        }
    }
}
