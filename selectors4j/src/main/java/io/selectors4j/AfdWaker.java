package io.selectors4j;

import io.selectors4j.internal.sys.AfdPort;

/// The waker of AFD: a completion without a poll, which the port reports once for each signal.
final class AfdWaker implements Waker {

    private final AfdPort port;

    AfdWaker(AfdPort port) {
        this.port = port;
    }

    @Override
    public int fileno() {
        return -1;
    }

    @Override
    public int signal() {
        return port.wake();
    }

    @Override
    public void drain() {
        // the wait has dequeued the completion
    }

    @Override
    public void close() {
        // the selector closes the port
    }
}
