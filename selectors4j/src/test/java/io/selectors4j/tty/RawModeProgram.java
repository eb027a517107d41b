package io.selectors4j.tty;

import io.selectors4j.fd.Fd;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Puts its standard input, a terminal, into raw mode, says so, waits for a key, and ends in the way its argument says; or
/// waits for a signal.
final class RawModeProgram {

    private RawModeProgram() {}

    @SuppressWarnings("resource") // not closing it is the subject
    public static void main(String[] args) throws Exception {
        Thread.ofPlatform().daemon().start(RawModeProgram::endAtLast);
        Fd stdin = Fd.stdin();
        Terminal.rawMode(stdin);
        Terminal.rawMode(stdin);
        stdin.close();
        System.out.println("raw " + ProcessHandle.current().pid());
        if (args[0].equals("wait")) {
            new CountDownLatch(1).await(); // without reading: a background process would be stopped (SIGTTIN)
        }
        int count = Fd.stdin().read(ByteBuffer.allocate(9));
        System.out.println("read " + count);
        switch (args[0]) {
            case "return" -> {}
            case "exit" -> System.exit(7);
            case "throw" -> throw new IllegalStateException("on purpose");
            case "enter-late" -> {
                // Of two hooks that run at the same time, this one waits until the other has run.
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

    /// Whatever goes wrong, no test is left waiting.
    private static void endAtLast() {
        try {
            new CountDownLatch(1).await(240, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            // then it ends now
        }
        Runtime.getRuntime().halt(99);
    }
}
