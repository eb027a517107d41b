import io.selectors4j.*;
import io.selectors4j.fd.*;

/// A service: systemd stops it with SIGTERM and reloads it with SIGHUP.
void main(String[] args) throws IOException {
    try (Selector<String> selector = Selector.open();
            StdinFd stdin = StdinFd.open();
            TimerFd timer = TimerFd.open(TimerFd.Clock.MONOTONIC);
            SignalFd signals = SignalFd.open("SIGTERM", "SIGHUP")) {
        selector.register(stdin, Interest.READ, "stdin"); // commands; /dev/null under systemd
        timer.set(Duration.ofSeconds(1), Duration.ofSeconds(1));
        selector.register(timer, Interest.READ, "timer");
        selector.register(signals, Interest.READ, "signals");
        Systemd.sendNotification("READY=1");
        IO.println("ready");
        ByteBuffer buffer = ByteBuffer.allocate(1024);
        while (true) {
            for (ReadyKey<String> ready : selector.select()) {
                switch (ready.data()) {
                    case "timer" -> timer.read(); // the work of the service
                    case "stdin" -> {
                        if (stdin.read(buffer.clear()) < 0) {
                            selector.unregister(stdin); // the end stays ready
                        }
                    }
                    default -> {
                        String signal = signals.read();
                        if (signal.equals("SIGTERM")) {
                            IO.println("stopping");
                            return;
                        }
                        IO.println("reloading");
                    }
                }
            }
        }
    }
}
