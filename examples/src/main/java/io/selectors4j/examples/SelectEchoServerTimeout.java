package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.time.Duration;

/// The same server as [SelectEchoServer], which does something else when nothing has happened for a second.
final class SelectEchoServerTimeout {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private SelectEchoServerTimeout() {}

    static void run(Setting setting) throws IOException {
        try (Listener server = setting.listen(5, "starting up on " + setting.host() + " port ")) {
            SelectEchoServer echo = new SelectEchoServer(server, setting);
            boolean running = true;
            while (running) {
                Select.Ready<Pollable> ready = echo.select(TIMEOUT);
                if (ready.isEmpty()) {
                    setting.out().line("  timed out");
                } else {
                    running = echo.handle(ready);
                }
            }
        }
    }
}
