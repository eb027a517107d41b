package io.selectors4j.fd;

import java.io.IOException;

/// A program that reads one signal, gives it back, and waits until it is ended.
final class SignalFdChild {

    private SignalFdChild() {}

    @SuppressWarnings("SystemOut") // that is how it talks
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
