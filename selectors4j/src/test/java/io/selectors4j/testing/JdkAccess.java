package io.selectors4j.testing;

import io.selectors4j.fd.JdkChannels;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;

/// A program that prints the descriptor of each kind of JDK channel and stream, or the message of the exception.
public final class JdkAccess {

    private JdkAccess() {}

    private interface FdSupplier {
        Object get() throws Exception;
    }

    /// Prints the descriptors.
    public static void main(String[] args) throws Exception {
        Pipe pipe = Pipe.open();
        FileInputStream stream = new FileInputStream("/dev/null");
        FileChannel channel = FileChannel.open(Path.of("/dev/null"));
        print("channel", () -> JdkChannels.pollable(pipe.source()).fileno());
        print("stream", () -> JdkChannels.pollable(stream).fileno());
        print("file", () -> JdkChannels.pollable(channel).fileno());
        print("stdin", () -> JdkChannels.pollable(FileDescriptor.in).fileno());
        print(
                "stdin stream",
                () -> JdkChannels.pollable(new FileInputStream(FileDescriptor.in))
                        .fileno());
    }

    private static void print(String name, FdSupplier supplier) throws Exception {
        try {
            System.out.println(name + ": " + supplier.get());
        } catch (UnsupportedOperationException e) {
            System.out.println(name + ": " + e.getMessage());
        }
    }
}
