package io.selectors4j.tty;

import io.selectors4j.fd.Fd;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// A program that puts its standard input, a terminal, into raw mode and prints "raw" and its process id. It then waits
/// for a key and ends as its argument says, or waits for a signal.
final class RawModeProgram {

    private RawModeProgram() {}

    @SuppressWarnings("resource") // the test is about raw modes that are not closed
    public static void main(String[] args) throws Exception {
        Thread.ofPlatform().daemon().start(RawModeProgram::haltAfterTimeout);
        Fd stdin = Fd.stdin();
        Terminal.rawMode(stdin);
        Terminal.rawMode(stdin);
        stdin.close();
        System.out.println("raw " + ProcessHandle.current().pid());
        if (args[0].equals("wait")) {
            new CountDownLatch(1).await(); // without a read, which would stop a background process (SIGTTIN)
        }
        int count = Fd.stdin().read(ByteBuffer.allocate(9));
        System.out.println("read " + count);
        switch (args[0]) {
            case "return" -> {}
            case "exit" -> System.exit(7);
            case "throw" -> throw new IllegalStateException("on purpose");
            case "enter-late" -> {
                // Shutdown hooks run concurrently: this one waits until the hook of RawMode has run.
                Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                    try {
                        while (!Termios.of(Fd.stdin()).isCanonical()) {
                            Thread.onSpinWait();
                        }
                        Terminal.rawMode(Fd.stdin());
                        System.out.println("entered");
                    } catch (Exception e) {
                        System.out.println(e);
                    }
                }));
            }
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /// Ends the program after a minute, so a failure cannot leave the test waiting.
    private static void haltAfterTimeout() {
        try {
            new CountDownLatch(1).await(240, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // end now
        }
        Runtime.getRuntime().halt(99);
    }
}
