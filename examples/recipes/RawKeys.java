import io.selectors4j.*;
import io.selectors4j.fd.*;
import io.selectors4j.tty.*;

/// Prints each key as it is pressed, and each new size of the window, until q is pressed.
void main() throws IOException {
    try (StdinFd stdin = StdinFd.open();
            Selector<String> selector = Selector.open();
            SignalFd resized = SignalFd.open("SIGWINCH");
            RawMode raw = Terminal.suspendableRawMode(stdin)) { // closing it restores the terminal
        selector.register(stdin, Interest.READ, "keys");
        selector.register(resized, Interest.READ, "size");
        print("window " + Terminal.windowSize(stdin));
        KeyReader reader = new KeyReader();
        ByteBuffer buffer = ByteBuffer.allocate(64);
        while (true) {
            List<Key> keys = new ArrayList<>();
            List<ReadyKey<String>> all = selector.select(reader.timeout());
            if (all.isEmpty()) {
                keys.addAll(reader.timedOut()); // the key Escape
            }
            for (ReadyKey<String> ready : all) {
                if (ready.fileobj() == resized) {
                    resized.read();
                    print("window " + Terminal.windowSize(stdin));
                } else if (stdin.read(buffer.clear()) < 0) {
                    return;
                } else {
                    keys.addAll(reader.decode(buffer.flip()));
                }
            }
            for (Key key : keys) {
                print("key " + key);
                if (key.isText() && key.text().equals("q")) {
                    return;
                }
            }
        }
    }
}

/// Prints a line. In raw mode, a line feed does not move the cursor to the first column.
void print(String line) {
    IO.print(line + "\r\n");
}
