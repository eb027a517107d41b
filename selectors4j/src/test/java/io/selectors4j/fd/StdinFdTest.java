package io.selectors4j.fd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.testing.OpenFiles;
import io.selectors4j.testing.RawNumbers;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// [StdinFd] with other descriptors in place of the standard input. StandardInputContractTest has programs with each
/// kind of standard input.
@Tag("linux")
@Timeout(60)
class StdinFdTest {

    @Test
    void pipe_isBorrowed() throws Exception {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            StdinFd stdin = StdinFds.open(pipe.reader());
            assertThat(stdin.fileno()).isEqualTo(pipe.reader().fileno());
            pipe.writer().write(ByteBuffer.allocate(3));
            assertThat(stdin.available()).isEqualTo(3);
            assertThat(stdin.read(ByteBuffer.allocate(9))).isEqualTo(3);
            stdin.close();
            assertThat(pipe.reader().isBlocking()).isTrue(); // still open
        }
    }

    @Test
    void file_hasADescriptorOfItsOwn() throws Exception {
        try (FileFd file = FileFd.memfd("stdin")) {
            Map<Integer, String> before = OpenFiles.list();
            StdinFd stdin = StdinFds.open(file);
            assertThat(OpenFiles.since(before)).hasSize(1);
            assertThat(stdin.fileno()).isNotEqualTo(file.fileno());
            assertThat(stdin.write(ByteBuffer.allocate(3))).isEqualTo(3);
            assertThat(file.available()).isZero();
            stdin.close();
            assertThat(OpenFiles.since(before)).isEmpty();
            assertThat(file.write(ByteBuffer.allocate(1))).isEqualTo(1);
        }
    }

    @Test
    void closedNumber_isAtItsEnd() throws Exception {
        int number;
        try (RawNumbers raw = new RawNumbers();
                PipeFd.Pipe pipe = PipeFd.open()) {
            number = raw.dup(pipe.reader().fileno());
        }
        try (StdinFd stdin = StdinFd.open(number)) {
            assertThat(stdin.read(ByteBuffer.allocate(1))).isEqualTo(-1);
            assertThat(stdin.read(ByteBuffer.allocate(0))).isZero();
            assertThat(stdin.available()).isZero();
            assertThatThrownBy(() -> stdin.write(ByteBuffer.allocate(1))).isInstanceOf(NativeIOException.class);
        }
    }

    /// The first file that the Java virtual machine opens has number 0 if that is free.
    @Test
    void fileOfTheVirtualMachine_isNotRead() throws Exception {
        try (FileFd modules = FileFd.open(Path.of(System.getProperty("java.home"), "lib", "modules"), FileFd.O_RDONLY);
                StdinFd stdin = StdinFds.open(modules)) {
            assertThat(stdin.read(ByteBuffer.allocate(1))).isEqualTo(-1);
        }
    }

    @Test
    void directory_failsToRead() throws Exception {
        try (FileFd directory = FileFd.open(Path.of("/"), FileFd.O_RDONLY);
                StdinFd stdin = StdinFds.open(directory)) {
            assertThatThrownBy(() -> stdin.read(ByteBuffer.allocate(1)))
                    .isInstanceOfSatisfying(
                            NativeIOException.class,
                            e -> assertThat(e.errnoName()).isEqualTo("EISDIR"));
        }
    }

    @Test
    void readOnlyBuffer_isRefused() throws Exception {
        try (FileFd file = FileFd.memfd("stdin");
                StdinFd stdin = StdinFds.open(file)) {
            ByteBuffer readOnly = ByteBuffer.allocate(1).asReadOnlyBuffer();
            assertThatThrownBy(() -> stdin.read(readOnly)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void closedObject_isNotRead() throws Exception {
        try (FileFd file = FileFd.memfd("stdin")) {
            file.write(ByteBuffer.allocate(1));
            StdinFd stdin = StdinFds.open(file);
            stdin.close();
            assertThatThrownBy(() -> stdin.read(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThatThrownBy(() -> stdin.write(ByteBuffer.allocate(1))).isInstanceOf(ClosedChannelException.class);
            assertThat(((Pollable) stdin).fileno()).isNegative();
        }
    }
}
