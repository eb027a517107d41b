import io.selectors4j.*;
import io.selectors4j.fd.*;
import io.selectors4j.tty.*;

/// Prints each key as it is pressed, and each new size of the window, until q is pressed.
void main() throws IOException {
    try (Fd stdin = Fd.stdin();
            Selector<String> selector = Selector.open();
            SignalFd resized = SignalFd.open("SIGWINCH");
            RawMode raw = Terminal.rawMode(stdin)) { // closing it restores the terminal
        selector.register(stdin, Interest.READ, "keys");
        selector.register(resized, Interest.READ, "size");
        print("window " + Terminal.windowSize(stdin));
        ByteBuffer keys = ByteBuffer.allocate(64);
        while (true) {
            for (ReadyKey<String> ready : selector.select()) {
                if (ready.fileobj() == resized) {
                    resized.read();
                    print("window " + Terminal.windowSize(stdin));
                } else if (stdin.read(keys.clear()) < 0) {
                    return;
                } else {
                    for (keys.flip(); keys.hasRemaining(); ) {
                        int key = keys.get() & 0xff;
                        print("key " + key);
                        if (key == 'q') {
                            return;
                        }
                    }
                }
            }
        }
    }
}

/// Prints a line. In raw mode, a line feed does not move the cursor to the first column.
void print(String line) {
    IO.print(line + "\r\n");
}
