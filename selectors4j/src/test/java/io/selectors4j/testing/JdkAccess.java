package io.selectors4j.testing;

import io.selectors4j.fd.JdkChannels;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;

/// A program: asks for the descriptors of the JDK's own channels, and prints for each its number or what stands against it.
public final class JdkAccess {

    private JdkAccess() {}

    private interface Question {
        Object ask() throws Exception;
    }

    /// Asks.
    public static void main(String[] args) throws Exception {
        Pipe pipe = Pipe.open();
        FileInputStream stream = new FileInputStream("/dev/null");
        FileChannel channel = FileChannel.open(Path.of("/dev/null"));
        ask("channel", () -> JdkChannels.pollable(pipe.source()).fileno());
        ask("stream", () -> JdkChannels.pollable(stream).fileno());
        ask("file", () -> JdkChannels.pollable(channel).fileno());
        ask("stdin", () -> JdkChannels.pollable(FileDescriptor.in).fileno());
        ask(
                "stdin stream",
                () -> JdkChannels.pollable(new FileInputStream(FileDescriptor.in))
                        .fileno());
    }

    private static void ask(String what, Question question) throws Exception {
        try {
            System.out.println(what + ": " + question.ask());
        } catch (UnsupportedOperationException e) {
            System.out.println(what + ": " + e.getMessage());
        }
    }
}
