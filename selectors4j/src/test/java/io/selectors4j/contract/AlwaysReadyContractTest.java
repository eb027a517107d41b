package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.expectNothing;
import static io.selectors4j.testing.Expect.expectReady;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.Interest;
import io.selectors4j.NativeIOException;
import io.selectors4j.Selector;
import io.selectors4j.fd.FileFd;
import io.selectors4j.testing.BackendUnderTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Files that never block. SELECT and POLL report them as always ready; EPOLL refuses them with EPERM. KQUEUE reports a
/// regular file as readable before its end, on FreeBSD always.
@Tag("system")
@Tag("linux")
class AlwaysReadyContractTest extends ContractTest {

    private static final Interest BOTH = Interest.READ.or(Interest.WRITE);

    AlwaysReadyContractTest(BackendUnderTest backend) {
        super(backend);
    }

    enum Kind {
        REGULAR_FILE,
        DIRECTORY,
        NULL_DEVICE,
        MEMORY;

        FileFd open() throws IOException {
            return switch (this) {
                case REGULAR_FILE -> temporaryFile();
                case DIRECTORY -> FileFd.open(Path.of("/"), FileFd.O_RDONLY);
                case NULL_DEVICE -> FileFd.open(Path.of("/dev/null"), FileFd.O_RDWR);
                case MEMORY -> FileFd.memfd("always ready");
            };
        }

        private static FileFd temporaryFile() throws IOException {
            Path file = Files.createTempFile("always", "ready");
            try {
                return FileFd.open(file, FileFd.O_RDWR);
            } finally {
                Files.delete(file);
            }
        }
    }

    private boolean acceptsFiles() {
        return !backend.refusesFiles();
    }

    private boolean waitsForData(Kind kind) {
        return (kind == Kind.REGULAR_FILE || kind == Kind.MEMORY)
                && backend.isKqueue()
                && backend != BackendUnderTest.KQUEUE_SIMULATED_FREEBSD;
    }

    @ParameterizedTest
    @EnumSource
    void alwaysReadyFile_isReadyOrRefused(Kind kind) throws Exception {
        Selector<String> selector = open();
        FileFd file = own(kind.open());
        if (acceptsFiles()) {
            selector.register(file, Interest.READ, "data");
            if (waitsForData(kind)) {
                expectNothing(selector);
                Files.write(Path.of("/proc/self/fd/" + file.fileno()), new byte[1]);
                if (backend.isLibkqueue()) { // libkqueue checks the file again only on a change
                    selector.modify(file, Interest.WRITE, "data");
                    selector.modify(file, Interest.READ, "data");
                }
            }
            expectReady(selector, file, Interest.READ);
            selector.modify(file, Interest.WRITE, "data");
            expectReady(selector, file, Interest.WRITE);
            selector.modify(file, BOTH, "data");
            expectReady(selector, file, BOTH);
            selector.modify(file, Interest.NONE, "data");
            assertThat(selector.selectNow()).isEmpty();
            selector.unregister(file);
        } else {
            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> selector.register(file, Interest.READ, "data"))
                    .withMessageMatching(backend.refusal(file));
        }
        assertThat(selector.getMap()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"REGULAR_FILE", "MEMORY"})
    void fileAtItsEnd_isReadyExceptOnKqueue(Kind kind) throws Exception {
        if (acceptsFiles()) {
            Selector<String> selector = open();
            FileFd file = own(kind.open());
            selector.register(file, Interest.READ, "data");
            file.write(ByteBuffer.allocate(10));
            assertThat(file.read(ByteBuffer.allocate(10))).isEqualTo(-1);
            if (waitsForData(kind)) {
                expectNothing(selector);
            } else {
                expectReady(selector, file, Interest.READ);
            }
        }
    }
}
