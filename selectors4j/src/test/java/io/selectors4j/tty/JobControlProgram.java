package io.selectors4j.tty;

import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.SignalFd;
import io.selectors4j.fd.StdinFd;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A program in suspendable raw mode that prints its process id and each byte of its input, and when it continues. The
/// key q ends it.
final class JobControlProgram {

    private static final Duration LIFETIME = Duration.ofMinutes(4);

    private JobControlProgram() {}

    public static void main(String[] args) throws Exception {
        try (StdinFd stdin = StdinFd.open();
                Selector<String> selector = Selector.open();
                SignalFd continued = SignalFd.open("SIGCONT");
                RawMode raw = Terminal.suspendableRawMode(stdin)) {
            selector.register(stdin, Interest.READ, "stdin");
            selector.register(continued, Interest.READ, "continued");
            print("raw " + ProcessHandle.current().pid() + ", before canonical: "
                    + raw.previous().isCanonical());
            ByteBuffer buffer = ByteBuffer.allocate(1);
            while (true) {
                for (ReadyKey<String> ready : selector.select(LIFETIME)) {
                    if (ready.fileobj() == continued) {
                        print("" + continued.read());
                    } else if (stdin.read(buffer.clear()) < 0 || buffer.get(0) == 'q') {
                        return;
                    } else {
                        print("key " + buffer.get(0));
                    }
                }
            }
        }
    }

    private static void print(String line) {
        System.out.print("<" + line + ">\r\n");
        System.out.flush();
    }
}
