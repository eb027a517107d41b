import io.selectors4j.*;
import io.selectors4j.fd.*;
import io.selectors4j.tty.*;

/// Reads commands in a terminal, until Control-C or Control-D.
void main() throws IOException {
    try (StdinFd stdin = StdinFd.open();
            Selector<String> selector = Selector.open();
            SignalFd changes = SignalFd.open("SIGWINCH", "SIGCONT"); // another width, or continued by fg
            RawMode raw = Terminal.suspendableRawMode(stdin)) {
        selector.register(stdin, Interest.READ, "keys");
        selector.register(changes, Interest.READ, "changes");
        KeyReader reader = new KeyReader();
        LineReader line = new LineReader("> ", Terminal.windowSize(stdin).columns());
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (true) {
            IO.print(line.takeOutput());
            List<Key> keys = new ArrayList<>();
            List<ReadyKey<String>> all = selector.select(reader.timeout());
            if (all.isEmpty()) {
                keys.addAll(reader.timedOut()); // the key Escape
            }
            for (ReadyKey<String> ready : all) {
                if (ready.fileobj() == changes) {
                    changes.read();
                    line.resize(Terminal.windowSize(stdin).columns());
                } else if (stdin.read(buffer.clear()) < 0) {
                    return;
                } else {
                    keys.addAll(reader.decode(buffer.flip()));
                }
            }
            for (Key key : keys) {
                switch (line.accept(key)) {
                    case EDITING -> {}
                    case LINE -> line.print("the command is " + line.line()); // above the next line
                    case INTERRUPTED, END -> {
                        line.erase();
                        IO.print(line.takeOutput());
                        return;
                    }
                }
            }
        }
    }
}
