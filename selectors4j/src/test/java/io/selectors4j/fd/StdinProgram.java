package io.selectors4j.fd;

import io.selectors4j.Await;
import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Expect;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// A program that reads its standard input with a selector and prints what it finds, or calls each method.
public final class StdinProgram {

    private StdinProgram() {}

    /// Runs the program.
    ///
    /// @param args the name of a [BackendUnderTest]; or "methods"
    public static void main(String[] args) throws Exception {
        try (StdinFd stdin = StdinFd.open()) {
            if (args[0].equals("methods")) {
                callMethods(stdin);
            } else {
                readWith(BackendUnderTest.valueOf(args[0]), stdin);
            }
        }
        boolean linux = Platform.CURRENT.os() == Platform.Os.LINUX;
        System.out.println("refused: " + (linux ? StdinFd.isRefusedByEpoll(0) : StdinFd.isAlwaysReadable()) + ", file: "
                + StdinFd.isAlwaysReadable());
    }

    private static void readWith(BackendUnderTest backend, StdinFd stdin) throws IOException, InterruptedException {
        System.out.println("own descriptor: " + (stdin.fileno() != 0 || stdin.isOwned()));
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4);
        try (Selector<String> selector = backend.open()) {
            selector.register(stdin, Interest.READ, "stdin");
            int count = 0;
            while (count >= 0) {
                List<ReadyKey<String>> ready = selector.select(Expect.PATIENCE);
                if (ready.isEmpty()) {
                    System.out.println("never ready");
                    return;
                }
                count = stdin.read(buffer.clear());
                text.append(StandardCharsets.UTF_8.decode(buffer.flip()));
            }
            boolean owned = stdin.isOwned();
            System.out.println("read: " + text.toString().replace("\n", "\\n"));
            System.out.println(
                    "still ready: " + (!owned || !selector.selectNow().isEmpty()));
            System.out.println("readable: " + (!owned || Await.readable(stdin, Duration.ZERO)));
            selector.unregister(stdin);
        }
    }

    private static void callMethods(StdinFd stdin) throws IOException {
        System.out.println("available: " + stdin.available());
        System.out.println("blocking: " + stdin.isBlocking());
        stdin.setBlocking(false);
        try (Fd same = Fd.stdin();
                Fd duplicate = stdin.dup()) {
            System.out.println("non-blocking: " + !same.isBlocking());
            ByteBuffer buffer = ByteBuffer.allocate(2);
            System.out.println("duplicate: " + duplicate.read(buffer) + ", then " + stdin.available());
            System.out.println("no room: " + stdin.read(buffer));
        }
        System.out.println("redirect: " + stdin.redirectFrom().file().getPath().endsWith("/fd/0"));
        try {
            stdin.write(ByteBuffer.allocate(1));
        } catch (IOException e) {
            System.out.println("write: " + e.getMessage());
        }
    }
}
