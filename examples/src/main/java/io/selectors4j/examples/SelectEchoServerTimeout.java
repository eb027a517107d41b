package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.time.Duration;

/// The server of [SelectEchoServer] with a timeout: prints a line after each second without events.
final class SelectEchoServerTimeout {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private SelectEchoServerTimeout() {}

    static void run(Settings settings) throws IOException {
        try (Listener server = settings.listen(5, "starting up on " + settings.host() + " port ")) {
            SelectEchoServer echo = new SelectEchoServer(server, settings);
            boolean running = true;
            while (running) {
                Select.Ready<Pollable> ready = echo.select(TIMEOUT);
                if (ready.isEmpty()) {
                    settings.out().line("  timed out");
                } else {
                    running = echo.handle(ready);
                }
            }
        }
    }
}
