package io.selectors4j.testing;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.process.ChildProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What a child process prints, and what proc(5) shows of it.
public final class ChildOutput {

    private ChildOutput() {}

    /// Reads a pipe to its end.
    public static String readAll(PipeFd pipe) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
        while (pipe.read(buffer) >= 0) {}
        return StandardCharsets.UTF_8.decode(buffer.flip()).toString();
    }

    /// Reads a line, without its end.
    public static String readLine(PipeFd pipe) throws IOException {
        StringBuilder line = new StringBuilder();
        ByteBuffer one = ByteBuffer.allocate(1);
        while (pipe.read(one.clear()) > 0 && one.get(0) != '\n') {
            line.append((char) one.get(0));
        }
        return line.toString();
    }

    /// Returns the targets of the descriptors of a process, by their numbers; nothing if one is closed meanwhile.
    public static Map<Integer, String> descriptors(ChildProcess child) throws IOException {
        Map<Integer, String> targets = new TreeMap<>();
        try (Stream<Path> links = Files.list(Path.of("/proc/" + child.pid() + "/fd"))) {
            for (Path link : links.toList()) {
                targets.put(
                        Integer.valueOf(link.getFileName().toString()),
                        Files.readSymbolicLink(link).toString());
            }
            return targets;
        } catch (NoSuchFileException e) {
            return Map.of();
        }
    }

    /// Returns a line of the status of a process.
    ///
    /// @param name the name, such as `SigBlk`
    public static String status(long pid, String name) throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
            return lines.filter(line -> line.startsWith(name + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElseThrow();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /// Returns whether a process runs: there is one with the number, and it is no zombie.
    public static boolean isRunning(long pid) throws IOException {
        try {
            return !status(pid, "State").startsWith("Z");
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            if ("No such process".equals(e.getMessage())) {
                return false; // it ended during the read
            }
            throw e;
        }
    }
}
