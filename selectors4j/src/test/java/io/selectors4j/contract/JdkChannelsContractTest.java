package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static io.selectors4j.testing.Expect.expectIdle;
import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import io.selectors4j.fd.JdkChannels;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.ChildJvm;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.JdkAccess;
import io.selectors4j.testing.JdkSource;
import io.selectors4j.testing.Libc;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Channels of the JDK in selectors of this library. [DescriptorContractTest] checks that they are reported.
@Tag("system")
class JdkChannelsContractTest extends ContractTest {

    JdkChannelsContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private JdkSource socket() throws IOException {
        return own(JdkSource.socket());
    }

    private static String expectReadyData(Selector<String> selector) throws IOException {
        return selector.select(PATIENCE).getFirst().key().data();
    }

    /// A channel of another selector provider.
    private static final class Foreign extends Pipe.SourceChannel {

        Foreign() {
            super(SelectorProvider.provider());
        }

        @Override
        protected void implCloseSelectableChannel() {}

        @Override
        protected void implConfigureBlocking(boolean block) {}

        @Override
        public int read(ByteBuffer target) {
            return -1;
        }

        @Override
        public long read(ByteBuffer[] targets, int offset, int length) {
            return -1;
        }

        @Override
        public long read(ByteBuffer[] targets) {
            return -1;
        }
    }

    private static List<String> lines(String... options) throws IOException, InterruptedException {
        ChildJvm.Outcome outcome = ChildJvm.run(Stream.of(options).toList(), JdkAccess.class);
        assertThat(outcome.exitCode()).as(outcome.output()).isZero();
        return outcome.output().lines().toList();
    }

    @Nested
    class OpenChannel {

        /// A channel that is also registered with an NIO selector keeps its descriptor until that selector selects.
        @Test
        void channelRegisteredWithNio_isReportedByBoth() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            SocketChannel channel = (SocketChannel) source.reader();
            channel.configureBlocking(false);
            try (java.nio.channels.Selector nio = SelectorProvider.provider().openSelector()) {
                channel.register(nio, SelectionKey.OP_READ);
                selector.register(source.pollable(), Interest.READ, "channel");
                source.fire();
                assertThat(nio.select(PATIENCE.toMillis())).isEqualTo(1);
                expectReady(selector, source.pollable(), Interest.READ);

                channel.close();
                expectIdle(selector);
                nio.selectNow();
                expectIdle(selector);
                selector.unregister(source.pollable());
            }
        }

        @Test
        void oneShotAndModify_applyToChannels() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            selector.register(source.pollable(), Interest.READ_WRITE.oneShot(), "channel");
            expectReady(selector, source.pollable(), Interest.WRITE);
            expectNothing(selector);
            source.fire();
            selector.modify(source.pollable(), Interest.READ.oneShot(), "again");
            expectReady(selector, source.pollable(), Interest.READ);
            expectNothing(selector);
        }

        @Test
        void twoPollablesOfOneChannel_haveTheSameKey() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            selector.register(source.pollable(), Interest.READ, "channel");
            Pollable second = JdkChannels.pollable((SelectableChannel) source.reader());
            assertThat(selector.getKey(second).data()).isEqualTo("channel");
            assertThatThrownBy(() -> selector.register(second, Interest.READ, "second"))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(selector.unregister(second).fileobj()).isSameAs(source.pollable());
        }

        @Tag("linux")
        @Test
        void streamsAndFiles_haveTheirFd() throws Exception {
            try (FileOutputStream out = new FileOutputStream("/dev/null");
                    RandomAccessFile file = new RandomAccessFile("/dev/null", "rw")) {
                for (Pollable pollable : List.of(JdkChannels.pollable(out), JdkChannels.pollable(file))) {
                    assertThat(Path.of("/proc/self/fd/" + pollable.fileno()).toRealPath())
                            .hasToString("/dev/null");
                }
            }
            assertThat(JdkChannels.pollable(FileDescriptor.err).fileno()).isEqualTo(2);
        }
    }

    @Nested
    class ClosedChannel {

        @Test
        void closedChannel_isNotReported() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            selector.register(source.pollable(), Interest.READ, "channel");
            source.fire();
            source.reader().close();

            expectIdle(selector);
            assertThat(source.pollable().fileno()).isEqualTo(-1);
            assertThat(selector.unregister(source.pollable()).data()).isEqualTo("channel");
            assertThatThrownBy(() -> selector.unregister(source.pollable())).isInstanceOf(NotRegisteredException.class);
            expectIdle(selector);
        }

        @Test
        void newOwnerOfTheFd_isNotReportedAndStaysOpen() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            Pollable channel = source.pollable();
            int number = channel.fileno();
            selector.register(channel, Interest.READ, "channel");
            ConnectedPair pair = readablePair();
            source.reader().close();
            PollableChannel newOwner = ownedDup(pair.reader(), number);

            expectNothing(selector);
            selector.unregister(channel);
            expectNothing(selector);
            assertThat(newOwner.read(ByteBuffer.allocate(10))).isEqualTo(1);
        }

        @Test
        void newOwnerOfTheFd_canBeRegistered() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            Pollable channel = source.pollable();
            int number = channel.fileno();
            selector.register(channel, Interest.READ, "channel");
            ConnectedPair pair = readablePair();
            source.reader().close();
            PollableChannel newOwner = ownedDup(pair.reader(), number);

            selector.register(newOwner, Interest.READ, "newOwner");
            assertThat(expectReadyData(selector)).isEqualTo("newOwner");
            assertThatThrownBy(() -> selector.unregister(channel)).isInstanceOf(NotRegisteredException.class);
            assertThat(expectReadyData(selector)).isEqualTo("newOwner");
        }

        @Test
        void channelClosedInAHandler_isNotDelivered() throws Exception {
            Selector<String> selector = open();
            JdkSource one = socket();
            JdkSource two = socket();
            selector.register(one.pollable(), Interest.READ, "one");
            selector.register(two.pollable(), Interest.READ, "two");
            one.fire();
            two.fire();
            int count = selector.select(PATIENCE, (key, readiness) -> {
                assertThat(key.fileobj().fileno()).isNotNegative();
                one.close();
                two.close();
            });
            assertThat(count).isEqualTo(1);
            expectIdle(selector);
        }

        @Test
        void channelClosedDuringSelect_disturbsNoOtherKey() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            ConnectedPair pair = pair();
            selector.register(source.pollable(), Interest.READ, "channel");
            selector.register(pair.reader(), Interest.READ, "pair");
            try (var select = Background.start(() -> selector.select(PATIENCE)).awaitAsleep()) {
                source.reader().close();
                pair.write(1);
                assertThat(select.result())
                        .singleElement()
                        .matches(ready -> ready.key().data().equals("pair"));
            }
            pair.drain();
            expectIdle(selector);
        }

        @Test
        void channelReadByAThread_isClosed() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            selector.register(source.pollable(), Interest.READ, "channel");
            try (var read = Background.start(() -> source.reader().read(ByteBuffer.allocate(1)))) {
                read.expectRunning(Duration.ofMillis(20));
                source.reader().close();
                assertThat(read.failure()).isInstanceOf(ClosedChannelException.class);
            }
            expectIdle(selector);
            selector.unregister(source.pollable());
        }

        @Test
        void closedObject_isRefused() throws Exception {
            Selector<String> selector = open();
            JdkSource source = socket();
            source.close();
            assertThatThrownBy(() -> selector.register(source.pollable(), Interest.READ, "closed"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("SocketChannelImpl[closed]");
            assertThatThrownBy(() -> JdkChannels.pollable((SelectableChannel) source.reader()))
                    .isInstanceOf(ClosedChannelException.class);
        }

        @Tag("unix")
        @Test
        void closedStream_isRefused() throws Exception {
            assertThatThrownBy(() -> JdkChannels.pollable(new FileDescriptor()))
                    .isInstanceOf(ClosedChannelException.class);
            FileInputStream stream = new FileInputStream("/dev/null");
            Pollable pollable = JdkChannels.pollable(stream);
            assertThat(pollable.toString()).isEqualTo("FileInputStream[fd=" + pollable.fileno() + "]");
            stream.close();
            assertThat(pollable.fileno()).isEqualTo(-1);
            assertThatThrownBy(() -> JdkChannels.pollable(stream)).isInstanceOf(IOException.class);
        }

        @Test
        void channelsClosedConcurrently_disturbNoOtherKey() throws Exception {
            Selector<String> selector = open();
            ConnectedPair alive = pair();
            selector.register(alive.reader(), Interest.READ, "alive");
            for (int i = 0; i < 200; i++) {
                JdkSource source = JdkSource.socket();
                int number = source.pollable().fileno();
                Thread closer = Thread.ofPlatform().start(() -> {
                    try {
                        source.close();
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
                try {
                    selector.register(source.pollable(), Interest.READ, "channel" + number);
                } catch (IllegalArgumentException e) {
                    assertThat(e).hasMessageContaining("closed");
                } catch (NativeIOException e) {
                    assertThat(e.errno()).isEqualTo(Libc.EBADF);
                }
                selector.selectNow();
                closer.join();
                assertThat(selector.selectNow()).isEmpty();
            }
            alive.write(1);
            assertThat(expectReadyData(selector)).isEqualTo("alive");
        }
    }

    @Nested
    class RefusedChannel {

        @Test
        void channelOfAnotherProvider_isRefused() throws IOException {
            try (Foreign foreign = new Foreign()) {
                assertThatThrownBy(() -> JdkChannels.pollable(foreign))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(Foreign.class.getName());
            }
        }

        @Tag("unix")
        @Test
        void missingAccess_messageNamesTheOption() throws Exception {
            List<String> denied = lines();
            String exports = "--add-exports java.base/sun.nio.ch=ALL-UNNAMED";
            String opens = "--add-opens java.base/sun.nio.ch=ALL-UNNAMED";
            assertThat(denied.get(0)).startsWith("channel: ").contains(exports, "SourceChannelImpl", "PipeFd");
            assertThat(denied.get(1)).startsWith("stream: ").contains(exports, "FileFd");
            assertThat(denied.get(2)).startsWith("file: ").contains(opens, "FileFd");
            assertThat(denied.get(3)).isEqualTo("stdin: 0");
            assertThat(denied.get(4)).isEqualTo("stdin stream: 0");

            List<String> exported = lines(exports.split(" "));
            assertThat(exported.get(0)).matches("channel: \\d+");
            assertThat(exported.get(1)).matches("stream: \\d+");
            assertThat(exported.get(2)).startsWith("file: ").contains(opens);

            assertThat(lines(opens.split(" "))).allMatch(line -> line.matches(".+: \\d+"));
        }
    }
}
