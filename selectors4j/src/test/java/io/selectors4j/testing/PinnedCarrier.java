package io.selectors4j.testing;

import io.selectors4j.Await;
import io.selectors4j.fd.EventFd;
import java.io.IOException;

/// A program for a virtual machine with one carrier thread. A virtual thread waits, and a second one waits in the
/// initializer of a class, which pins the carrier. The first becomes ready before the second. Exits with 0 if both
/// waits end.
public final class PinnedCarrier {

    private static final EventFd FIRST = open();
    private static final EventFd SECOND = open();

    private PinnedCarrier() {}

    /// A class whose initializer waits.
    private static final class Initialized {
        static final boolean READY = await(SECOND);
    }

    /// Runs the threads.
    public static void main(String[] args) throws Exception {
        ParkedThread<Boolean> waiting = ParkedThread.start(() -> await(FIRST)).awaitParked();
        ParkedThread<Boolean> pinned =
                ParkedThread.start(() -> Initialized.READY).awaitParked();
        FIRST.write(1);
        Thread.sleep(50); // the poller sees the first event alone
        SECOND.write(1);
        System.out.println(pinned.result() + " " + waiting.result());
        System.exit(0);
    }

    private static EventFd open() {
        try {
            return EventFd.open(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean await(EventFd event) {
        try {
            return Await.readable(event, null);
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
