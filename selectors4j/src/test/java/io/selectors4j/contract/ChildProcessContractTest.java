package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Expect;
import io.selectors4j.tty.PtyFd;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Child processes whose standard streams are pipes and terminals of this library.
@Tag("system")
@Tag("unix")
class ChildProcessContractTest extends ContractTest {

    ChildProcessContractTest(BackendUnderTest backend) {
        super(backend);
    }

    private Process start(ProcessBuilder builder) throws IOException {
        Process process = builder.start();
        own(process::destroyForcibly);
        return process;
    }

    private static int exitCode(Process process) throws InterruptedException {
        assertThat(process.waitFor(Expect.PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .isTrue();
        return process.exitValue();
    }

    /// Reads from the registered descriptors until all of them are at their end.
    private static Map<Fd, String> readAll(Selector<?> selector) throws IOException {
        Map<Fd, String> texts = new HashMap<>();
        ByteBuffer buffer = ByteBuffer.allocate(100);
        while (!selector.getMap().isEmpty()) {
            for (ReadyKey<?> ready : selector.select(Expect.PATIENCE)) {
                Fd fd = (Fd) ready.key().fileobj();
                if (fd.read(buffer.clear()) < 0) {
                    selector.unregister(fd);
                } else {
                    texts.merge(
                            fd, StandardCharsets.US_ASCII.decode(buffer.flip()).toString(), String::concat);
                }
            }
        }
        return texts;
    }

    @Test
    void redirectedStreams_areReadUntilTheirEnd() throws Exception {
        Selector<String> selector = open();
        PipeFd.Pipe input = own(PipeFd.open());
        PipeFd.Pipe output = own(PipeFd.open());
        PipeFd.Pipe error = own(PipeFd.open());
        Process process = start(new ProcessBuilder("sh", "-c", "read line; echo got $line; echo bad >&2; exit 4")
                .redirectInput(input.reader().redirectFrom())
                .redirectOutput(output.writer().redirectTo())
                .redirectError(error.writer().redirectTo()));
        input.reader().close();
        output.writer().close();
        error.writer().close();
        selector.register(output.reader(), Interest.READ, "output");
        selector.register(error.reader(), Interest.READ, "error");
        expectNothing(selector);
        input.writer().write(ByteBuffer.wrap("it\n".getBytes(StandardCharsets.US_ASCII)));
        Map<Fd, String> texts = readAll(selector);
        assertThat(texts).containsEntry(output.reader(), "got it\n").containsEntry(error.reader(), "bad\n");
        assertThat(exitCode(process)).isEqualTo(4);
    }

    @Test
    void closedInput_endsTheProcess() throws Exception {
        Selector<String> selector = open();
        PipeFd.Pipe input = own(PipeFd.open());
        PipeFd.Pipe output = own(PipeFd.open());
        Process process = start(new ProcessBuilder("cat")
                .redirectInput(input.reader().redirectFrom())
                .redirectOutput(output.writer().redirectTo()));
        input.reader().close();
        output.writer().close();
        output.reader().setBlocking(false);
        selector.register(output.reader(), Interest.READ, "output");
        byte[] sent = new byte[1000];
        new Random(1).nextBytes(sent);
        input.writer().write(ByteBuffer.wrap(sent));
        ByteBuffer received = ByteBuffer.allocate(2000);
        while (received.position() < sent.length) {
            expectReady(selector, output.reader(), Interest.READ);
            assertThat(output.reader().read(received)).isPositive();
        }
        assertThat(Arrays.copyOf(received.array(), received.position())).isEqualTo(sent);
        expectNothing(selector);
        assertThat(process.isAlive()).isTrue();
        input.writer().close();
        expectReady(selector, output.reader(), Interest.READ);
        assertThat(output.reader().read(received)).isEqualTo(-1);
        assertThat(exitCode(process)).isZero();
    }

    @Test
    void unreadInput_fillsThePipe() throws Exception {
        Selector<String> selector = open();
        PipeFd.Pipe input = own(PipeFd.open());
        Process process = start(
                new ProcessBuilder("sleep", "100").redirectInput(input.reader().redirectFrom()));
        input.reader().close();
        input.writer().setBlocking(false);
        selector.register(input.writer(), Interest.WRITE, "input");
        expectReady(selector, input.writer(), Interest.WRITE);
        while (input.writer().write(ByteBuffer.allocate(4096)) > 0) {
            // until the pipe is full
        }
        expectNothing(selector);
        process.destroyForcibly();
        expectReady(selector, input.writer(), Interest.WRITE); // no reader is left
    }

    @Tag("linux")
    @Test
    void process_runsInAPseudoterminal() throws Exception {
        Selector<String> selector = open();
        PtyFd.Pair pty = own(PtyFd.open());
        Process process = start(new ProcessBuilder("sh", "-c", "tty; test -t 0 && test -t 1 && test -t 2 && exit 5")
                .redirectInput(pty.terminal().redirectFrom())
                .redirectOutput(pty.terminal().redirectTo())
                .redirectError(pty.terminal().redirectTo()));
        pty.terminal().close();
        selector.register(pty.master(), Interest.READ, "master");
        String path = pty.master().path() + "\r\n";
        ByteBuffer received = ByteBuffer.allocate(100);
        while (received.position() < path.length()) {
            expectReady(selector, pty.master(), Interest.READ);
            pty.master().read(received);
        }
        assertThat(StandardCharsets.US_ASCII.decode(received.flip()).toString()).isEqualTo(path);
        assertThat(exitCode(process)).isEqualTo(5);
        expectReady(selector, pty.master(), Interest.READ); // a hangup
    }
}
