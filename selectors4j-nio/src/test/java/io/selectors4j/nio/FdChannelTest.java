package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Await;
import io.selectors4j.Pollable;
import io.selectors4j.fd.EventFd;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.fd.TimerFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.OpenFiles;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sun.nio.ch.SelChImpl;

/// Channels of any descriptor. With the JDK's provider, those for its selectors.
class FdChannelTest extends ProviderTest {

    private static final Duration PAUSE = Duration.ofMillis(30);
    private static final String EVENTFD = "anon_inode:[eventfd]";

    FdChannelTest(ProviderUnderTest underTest) {
        super(underTest);
    }

    /// The first wait for a single descriptor opens descriptors that stay open.
    @BeforeAll
    static void openPermanentDescriptors() throws Exception {
        PipeFd.Pipe pipe = PipeFd.open();
        try (PipeFd reader = pipe.reader();
                PipeFd _ = pipe.writer()) {
            assertThat(Await.readable(reader, Duration.ofMillis(1))).isFalse();
        }
    }

    private FdChannel open(Pollable fileobj) throws IOException {
        return own(underTest.isJdk() ? FdChannel.openForJdkSelector(fileobj) : FdChannel.open(fileobj));
    }

    private FdChannel openNonBlocking(Pollable fileobj) throws IOException {
        FdChannel channel = open(fileobj);
        channel.configureBlocking(false);
        return channel;
    }

    @Test
    void descriptorBesideSockets_isSelected() throws IOException {
        Selector selector = openSelector();
        Pair pair = openPair();
        SocketChannel socket = pair.client();
        socket.configureBlocking(false);
        SelectionKey socketKey = socket.register(selector, SelectionKey.OP_READ);
        EventFd event = own(EventFd.open(0));
        FdChannel channel = openNonBlocking(event);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ, "event");
        assertThat(selector.selectNow()).isZero();

        event.write(3);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(key.attachment()).isEqualTo("event");
        assertThat(channel.fileobj()).isSameAs(event);
        assertThat(channel.read(ByteBuffer.allocate(8))).isEqualTo(8);
        selector.selectedKeys().clear();
        assertThat(selector.selectNow()).isZero();

        pair.accepted().write(ByteBuffer.allocate(1));
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(socketKey);
    }

    @Test
    void timer_isSelectedWhenItExpires() throws IOException {
        Selector selector = openSelector();
        TimerFd timer = own(TimerFd.open(TimerFd.Clock.MONOTONIC));
        FdChannel channel = openNonBlocking(timer);
        channel.register(selector, SelectionKey.OP_READ);
        timer.set(Duration.ofMillis(5));
        assertThat(selector.select()).isEqualTo(1);
    }

    @Test
    void pipe_isReadAndWritten() throws IOException {
        Selector selector = openSelector();
        PipeFd.Pipe pipe = own(PipeFd.open());
        FdChannel reader = openNonBlocking(pipe.reader());
        FdChannel writer = openNonBlocking(pipe.writer());
        SelectionKey key = writer.register(selector, SelectionKey.OP_WRITE);
        assertThat(selector.select()).isEqualTo(1);
        assertThat(key.isWritable()).isTrue();
        assertThat(reader.read(ByteBuffer.allocate(10))).isZero();
        assertThat(writer.write(ByteBuffer.wrap(new byte[] {1, 2, 3}))).isEqualTo(3);
        assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(3);
        writer.close();
        selector.selectNow();
        assertThat(reader.read(ByteBuffer.allocate(10))).isEqualTo(-1);
    }

    @Test
    void borrowedNumber_isSelectedAndStaysOpen() throws IOException {
        Selector selector = openSelector();
        EventFd event = own(EventFd.open(1));
        FdChannel channel = openNonBlocking(Pollable.borrow(event.fileno()));
        channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.select()).isEqualTo(1);
        channel.close();
        selector.selectNow();
        assertThat(event.isOpen()).isTrue();
        assertThat(event.read(ByteBuffer.allocate(8))).isEqualTo(8);
    }

    @Test
    void closedChannel_closesTheObject() throws IOException {
        Selector selector = openSelector();
        EventFd event = own(EventFd.open(1));
        FdChannel channel = openNonBlocking(event);
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.select()).isEqualTo(1);
        channel.close();
        assertThat(event.isOpen()).isFalse();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.selectNow()).isZero();
        assertThat(selector.keys()).isEmpty();
        assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(8))).isInstanceOf(ClosedChannelException.class);
    }

    /// The JDK's selector must not meet a number that has another owner.
    @Test
    void number_isGivenBackAtOnce_orByTheSelectorOfTheJdk() throws IOException {
        Selector selector = openSelector();
        EventFd event = own(EventFd.open(0));
        FdChannel channel = openNonBlocking(event);
        int number = channel instanceof SelChImpl ofJdk ? ofJdk.getFDVal() : event.fileno();
        channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        assertThat(OpenFiles.list()).containsEntry(number, EVENTFD);
        channel.close();
        if (underTest.isJdk()) {
            assertThat(OpenFiles.list()).containsEntry(number, EVENTFD);
        }
        selector.selectNow();
        assertThat(OpenFiles.list()).doesNotContainEntry(number, EVENTFD);
    }

    @Test
    void closedObject_isSafe() throws IOException {
        Selector selector = openSelector();
        EventFd event = own(EventFd.open(1));
        FdChannel channel = openNonBlocking(event);
        channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.select()).isEqualTo(1);
        event.close();
        EventFd reused = own(EventFd.open(1));
        FdChannel other = openNonBlocking(reused);
        SelectionKey key = other.register(selector, SelectionKey.OP_READ);
        selector.selectedKeys().clear();
        if (underTest.isJdk()) { // the channel has a descriptor of its own
            assertThat(selector.selectNow()).isEqualTo(2);
            channel.close();
            selector.selectedKeys().clear();
        } else {
            assertThatThrownBy(() -> channel.read(ByteBuffer.allocate(8))).isInstanceOf(ClosedChannelException.class);
        }
        assertThat(selector.selectNow()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
        assertThat(selector.keys()).containsExactly(key);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void blockingRead_waitsAndIsEndedByClose() throws Exception {
        PipeFd.Pipe pipe = own(PipeFd.open());
        FdChannel reader = open(pipe.reader());
        try (Background<Integer> reading = Background.start(() -> reader.read(ByteBuffer.allocate(8)))) {
            reading.awaitBlocked();
            pipe.writer().write(ByteBuffer.allocate(2));
            assertThat(reading.result()).isEqualTo(2);
        }
        try (Background<Integer> reading = Background.start(() -> reader.read(ByteBuffer.allocate(8)))) {
            reading.awaitBlocked();
            reader.close();
            assertThat(reading.failure()).isInstanceOf(AsynchronousCloseException.class);
        }
    }

    @Test
    void blockingRead_isEndedByInterrupt() throws Exception {
        PipeFd.Pipe pipe = own(PipeFd.open());
        FdChannel reader = open(pipe.reader());
        try (Background<Integer> reading = Background.start(() -> reader.read(ByteBuffer.allocate(8)))) {
            reading.awaitBlocked();
            reading.thread().interrupt();
            assertThat(reading.failure()).isInstanceOf(ClosedByInterruptException.class);
        }
        assertThat(reader.isOpen()).isFalse();
    }

    @Test
    void close_setsTheBlockingModeBack() throws IOException {
        EventFd event = own(EventFd.open(1));
        Fd duplicate = own(event.dup());
        FdChannel channel = openNonBlocking(event);
        assertThat(duplicate.isBlocking()).isFalse();
        channel.close();
        assertThat(duplicate.isBlocking()).isTrue();
    }

    @Test
    void descriptorThatCannotBePolled_isNamed() throws IOException {
        Selector selector = openSelector();
        FdChannel channel = openNonBlocking(own(FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR)));
        BackendUnderTest backend = underTest.backend();
        if (backend != null && backend.refusesFiles()) {
            assertThatThrownBy(() -> channel.register(selector, SelectionKey.OP_READ))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(backend.isAfd() ? "EBADF" : "EPERM")
                    .hasMessageContaining("FileFd");
            assertThat(selector.keys()).isEmpty();
        } else {
            channel.register(selector, SelectionKey.OP_READ);
            int ready = underTest.isJdk() ? 0 : 1; // the JDK's selector ignores that epoll refuses the file
            assertThat(selector.selectNow()).isEqualTo(ready);
        }
    }

    @Test
    void sameDescriptorTwice_isRefused() throws IOException {
        Selector selector = openSelector();
        EventFd event = own(EventFd.open(1));
        FdChannel one = openNonBlocking(event);
        FdChannel two = openNonBlocking(event);
        SelectionKey key = one.register(selector, SelectionKey.OP_READ);
        if (underTest.isJdk()) { // each has a descriptor of its own
            two.register(selector, SelectionKey.OP_READ);
            assertThat(selector.select()).isEqualTo(2);
            return;
        }
        assertThatThrownBy(() -> two.register(selector, SelectionKey.OP_READ))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("EventFd");
        assertThat(selector.select()).isEqualTo(1);
        assertThat(selector.selectedKeys()).containsExactly(key);
    }

    @Test
    void wrongOps_areRefused() throws IOException {
        Selector selector = openSelector();
        FdChannel channel = openNonBlocking(own(EventFd.open(0)));
        assertThatThrownBy(() -> channel.register(selector, SelectionKey.OP_CONNECT))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(channel.validOps()).isEqualTo(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
    }

    @Test
    void closedObject_isRefused() throws IOException {
        EventFd event = own(EventFd.open(0));
        event.close();
        assertThatThrownBy(() -> open(event)).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> open(Pollable.borrow(-1))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void borrowedNumber_closedByItsOwner_isSafe() throws IOException {
        Selector selector = openSelector();
        PipeFd.Pipe pipe = own(PipeFd.open());
        FdChannel channel = openNonBlocking(Pollable.borrow(pipe.reader().fileno()));
        SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
        assertThat(selector.selectNow()).isZero();
        pipe.reader().close();
        key.interestOps(SelectionKey.OP_WRITE);
        selector.selectNow();
        channel.close();
        selector.selectNow();
        assertThat(key.isValid()).isFalse();
        assertThat(selector.keys()).isEmpty();
    }

    @Test
    void objectClosedBesideTheSelect_isSafe() throws Exception {
        Selector selector = openSelector();
        PipeFd.Pipe pipe = own(PipeFd.open());
        for (int i = 0; i < 200; i++) {
            PipeFd reader = pipe.reader().dup();
            FdChannel channel = openNonBlocking(reader);
            SelectionKey key = channel.register(selector, SelectionKey.OP_READ);
            FutureTask<Void> closing = new FutureTask<>(() -> {
                reader.close();
                return null;
            });
            Thread.ofPlatform().start(closing);
            while (key.isValid() && !closing.isDone()) {
                changeInterest(key);
                selector.selectNow();
            }
            closing.get(1, TimeUnit.MINUTES);
            channel.close();
            selector.selectNow();
            assertThat(selector.keys()).isEmpty();
        }
    }

    private static void changeInterest(SelectionKey key) {
        try {
            key.interestOps(key.interestOps() ^ SelectionKey.OP_READ);
        } catch (CancelledKeyException e) {
            assertThat(key.isValid()).isFalse();
        }
    }

    /// The library's selector pauses after its register, so that the select sees whatever it has registered.
    @Test
    void registerOfReadyDescriptor_doesNotEndASelect() throws Exception {
        Selector selector = own(
                underTest.isJdk() ? provider.openSelector() : pausingProvider().openSelector());
        boolean isKqueue = underTest.backend() != null && underTest.backend().isKqueue();
        FdChannel channel = openNonBlocking(own(EventFd.open(1)));
        try (Background<Integer> selecting = Background.start(() -> selector.select())) {
            selecting.expectRunning(PAUSE);
            channel.register(selector, 0);
            if (!isKqueue) { // there it ends
                selecting.expectRunning(PAUSE);
            }
            selector.wakeup();
            assertThat(selecting.result()).isZero();
        }
    }

    private SelectorsProvider pausingProvider() {
        return new SelectorsProvider(
                () -> pausing(Objects.requireNonNull(underTest.backend()).open()));
    }

    @SuppressWarnings("unchecked") // a proxy has no type argument
    private static <A> io.selectors4j.Selector<A> pausing(io.selectors4j.Selector<A> selector) {
        return (io.selectors4j.Selector<A>) Proxy.newProxyInstance(
                FdChannelTest.class.getClassLoader(),
                new Class<?>[] {io.selectors4j.Selector.class},
                (_, method, arguments) -> {
                    Object result = method.invoke(selector, arguments);
                    if (method.getName().equals("register")) {
                        Thread.sleep(PAUSE);
                    }
                    return result;
                });
    }
}
