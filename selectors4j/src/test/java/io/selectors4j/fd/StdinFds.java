package io.selectors4j.fd;

import java.io.IOException;

/// Creates objects of [StdinFd] that do not use the standard input of the tests.
public final class StdinFds {

    private StdinFds() {}

    /// Opens a descriptor as if it were the standard input.
    public static StdinFd open(Fd file) throws IOException {
        return StdinFd.open(file.fileno());
    }
}
