package io.selectors4j.fd;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Prints what the service manager has passed, and the variables of its child processes.
final class SystemdChild {

    private SystemdChild() {}

    /// Runs the program.
    public static void main(String[] args) throws IOException, InterruptedException {
        List<Systemd.PassedFd> passed = Systemd.listenFds();
        for (Systemd.PassedFd each : passed) {
            IO.println(each.name() + " " + each.fd());
        }
        passed.getFirst().fd().write(ByteBuffer.wrap("hello".getBytes(StandardCharsets.US_ASCII)));
        IO.println("again " + Systemd.listenFds());
        IO.println("notified " + Systemd.sendNotification("READY=1\nSTATUS=testing"));
        IO.println("watchdog " + Systemd.watchdogTimeout());
        ProcessBuilder inheriting = new ProcessBuilder("env");
        IO.println("inherited " + variables(inheriting));
        ProcessBuilder cleared = new ProcessBuilder("env");
        Systemd.removeVariables(cleared.environment());
        IO.println("cleared " + variables(cleared));
        ProcessBuilder files = new ProcessBuilder("sh", "-c", "ls /proc/$$/fd | tr '\\n' ' '");
        IO.println("open " + new String(files.start().getInputStream().readAllBytes(), StandardCharsets.US_ASCII));
    }

    private static List<String> variables(ProcessBuilder builder) throws IOException {
        return new String(builder.start().getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.matches("(LISTEN_|NOTIFY_|WATCHDOG_).*"))
                .map(line -> line.replaceFirst("=.*", ""))
                .sorted()
                .toList();
    }
}
