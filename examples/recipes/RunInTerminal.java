import io.selectors4j.*;
import io.selectors4j.fd.*;
import io.selectors4j.process.*;
import io.selectors4j.tty.*;

/// Runs a command in a terminal of its own. Types the standard input there, and prints what the terminal shows:
/// RunInTerminal COMMAND [ARGUMENT...]
void main(String[] args) throws IOException, InterruptedException {
    PtyFd.Pair pty = PtyFd.open();
    try (PtyFd master = pty.master();
            StdinFd stdin = StdinFd.open();
            Selector<String> selector = Selector.open()) {
        Terminal.setWindowSize(master, new WindowSize(24, 80)); // rows and columns; both are 0 at first
        try (ChildProcess child =
                ChildProcess.builder(args).terminal(master.path()).start()) {
            pty.terminal().close(); // otherwise the master would not report the end of the program
            selector.register(stdin, Interest.READ, "typed");
            selector.register(master, Interest.READ, "shown");
            ByteBuffer buffer = ByteBuffer.allocate(4096);
            boolean runs = true;
            while (runs) {
                for (ReadyKey<String> ready : selector.select()) {
                    if (ready.fileobj() == master) {
                        runs = read(master, buffer);
                        IO.print(StandardCharsets.UTF_8.decode(buffer.flip()));
                    } else if (stdin.read(buffer.clear()) >= 0) {
                        master.write(buffer.flip());
                    } else {
                        selector.unregister(stdin);
                        master.write(StandardCharsets.UTF_8.encode("\u0004")); // Control-D
                    }
                }
            }
            IO.println("exit value " + child.waitFor(null).orElse(-1));
        }
    }
}

/// Returns whether the terminal is open: EIO means that no process has it any more.
boolean read(PtyFd master, ByteBuffer buffer) throws IOException {
    try {
        return master.read(buffer.clear()) >= 0;
    } catch (NativeIOException e) {
        if (e.errnoName().equals("EIO")) {
            return false;
        }
        throw e;
    }
}
