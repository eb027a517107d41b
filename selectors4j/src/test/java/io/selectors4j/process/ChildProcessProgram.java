package io.selectors4j.process;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.CString;
import io.selectors4j.internal.posix.PosixLibc;
import io.selectors4j.process.ChildProcessBuilder.Redirect;
import io.selectors4j.testing.ChildOutput;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// A program whose environment differs from that of the tests: its limits, its signals, its encoding, its debugger.
final class ChildProcessProgram {

    private ChildProcessProgram() {}

    /// Shows one of these.
    ///
    /// @param args what to show, and its arguments
    public static void main(String[] args) throws Exception {
        switch (args[0]) {
            case "exit-value" -> printExitValue();
            case "many" -> printFailureOfMany();
            case "limits" -> printEffectOfFailures(Path.of(args[1]));
            case "environment" -> printEnvironment();
            case "encoding" -> printFailureOfEncoding();
            case "traced" -> printEndOfTracedChild();
            case "move" -> moveTo(Integer.parseInt(args[1]));
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    private static void printExitValue() throws Exception {
        try (ChildProcess child = ChildProcess.builder("sh", "-c", "exit 3").start()) {
            System.out.println(child.waitFor(null));
        }
    }

    /// Passes more descriptors than the limit of open files allows.
    private static void printFailureOfMany() throws IOException {
        try (PipeFd.Pipe pipe = PipeFd.open()) {
            ChildProcessBuilder builder = ChildProcess.builder("true");
            for (int i = 0; i < 200; i++) {
                builder.pass(pipe.reader());
            }
            try (ChildProcess child = builder.start()) {
                System.out.println(child);
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    /// Raises the limit of open files until a child starts. A start that fails must fail before it runs the program, so
    /// never at the descriptor of the child.
    private static void printEffectOfFailures(Path file) throws Exception {
        ChildProcessBuilder builder = ChildProcess.builder("touch", file.toString())
                .stdin(Redirect.DEVNULL)
                .stdout(Redirect.DEVNULL)
                .stderr(Redirect.DEVNULL);
        builder.start().close(); // loads the classes, which may have run the program
        Files.deleteIfExists(file);
        int failures = 0;
        for (int limit = lowestFreeNumber(); ; limit++) {
            Libc.setOpenFilesLimit(limit);
            try (ChildProcess child = builder.start()) {
                child.waitFor(null);
                break;
            } catch (IOException e) {
                failures++;
                String message = "" + e.getMessage();
                boolean started = message.startsWith("pidfd_open(")
                        && !message.startsWith(
                                "pidfd_open(" + ProcessHandle.current().pid() + ")");
                if (started || file.toFile().exists()) {
                    System.out.println("has run before " + message);
                }
            }
        }
        System.out.println((failures > 2) + " " + file.toFile().exists());
    }

    private static int lowestFreeNumber() {
        int fd = Libc.dup(0);
        Libc.close(fd);
        return fd;
    }

    /// Prints the variables of a child after one was removed, as `Systemd.listenFds` does.
    private static void printEnvironment() throws IOException {
        PosixLibc.unsetenv(ErrnoCapture.current(), new CString("REMOVED"));
        try (ChildProcess child = ChildProcess.builder("env").start()) {
            System.out.print(ChildOutput.readAll(child.stdout()));
        }
    }

    private static void printFailureOfEncoding() {
        try {
            ChildProcess.builder("echo", "\u00e9");
            System.out.println("accepted");
        } catch (IllegalArgumentException e) {
            System.out.println(e.getMessage());
        }
    }

    /// Starts a child, prints its number, kills it as soon as a line is read, and prints what `waitFor` returns.
    private static void printEndOfTracedChild() throws Exception {
        try (ChildProcess child =
                ChildProcess.builder("cat").stdout(Redirect.DEVNULL).start()) {
            System.out.println(child.pid());
            System.in.read();
            child.sendSignal("SIGKILL");
            System.out.println("soon: " + child.waitFor(Duration.ofMillis(50)));
            System.out.println("later: " + child.waitFor(null));
        }
    }

    /// Moves this process to another group, and waits for the end of its input.
    private static void moveTo(int group) throws IOException {
        Libc.setpgid(0, group);
        System.out.println("moved");
        System.in.read();
    }
}
