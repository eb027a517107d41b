package io.selectors4j.fd;

import java.io.IOException;

/// A program that reads one signal, restores its default action, and waits until it is killed.
final class SignalFdChild {

    private SignalFdChild() {}

    @SuppressWarnings("SystemOut") // the protocol with the test
    public static void main(String... signals) throws IOException {
        try (SignalFd fd = SignalFd.open(signals)) {
            System.out.println("open");
            System.out.println(fd.read());
        } catch (IllegalArgumentException | UnsupportedOperationException e) {
            System.out.println(e.getMessage());
            return;
        }
        System.out.println("closed");
        while (System.in.read() >= 0) {}
    }
}
