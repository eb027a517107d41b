package io.selectors4j.internal.sys;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The descriptors that an epoll instance watches, as the kernel describes them.
///
/// Source: proc_pid_fdinfo(5).
public final class EpollEntries {

    private static final Pattern ENTRY = Pattern.compile("tfd: +(\\d+) events: +([0-9a-f]+) data: +([0-9a-f]+).*");

    private EpollEntries() {}

    /// Returns the flags of each entry by the data that epoll returns with its events. An entry without data of the
    /// library's own is not among them. Empty without `/proc`.
    ///
    /// @param epfd the number of the instance
    /// @return a map for the caller
    public static Map<Long, String> of(int epfd) {
        Map<Long, String> entries = new TreeMap<>();
        // Not a channel, which an interrupt would close.
        try (FileInputStream file = new FileInputStream("/proc/self/fdinfo/" + epfd)) {
            new String(file.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(line -> {
                Matcher entry = ENTRY.matcher(line);
                if (entry.matches()) {
                    int flags = Integer.parseUnsignedInt(entry.group(2), 16);
                    entries.put(Long.parseUnsignedLong(entry.group(3), 16), PollFlags.toString("EPOLL", flags));
                }
            });
        } catch (IOException e) {
            // without /proc, or at the limit of open files
        }
        return entries;
    }
}
