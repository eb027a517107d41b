package io.selectors4j.internal.sys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Which descriptors an epoll instance may watch for another one.
///
/// An epoll instance that watches a second one polls the files of the second one, to learn whether it is readable. Some
/// files report a condition to one poll only: changes of the mount table (`/proc/self/mountinfo`), of the swap areas,
/// of sysctl values, pressure stall triggers (`/proc/pressure/*`), perf events. The poll of the outer instance consumes
/// that condition, and the wait on the inner one finds nothing. Source: fs/eventpoll.c (`__ep_eventpoll_poll`),
/// fs/proc_namespace.c (`mounts_poll`), kernel/sched/psi.c (`psi_trigger_poll`).
public final class NestedPoll {

    /// Terminals, which keep their conditions.
    private static final List<String> TERMINALS = List.of("/dev/pts/", "/dev/ptmx", "/dev/tty");

    private NestedPoll() {}

    /// Returns whether a poll through another epoll instance can consume a condition of a descriptor. That is possible
    /// for everything that was opened by a path, except terminals; for a perf event; and for a descriptor whose kind is
    /// unknown.
    public static boolean canLoseEvents(int fd) {
        String target;
        try {
            target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
        } catch (IOException | UnsupportedOperationException e) {
            return true;
        }
        // proc(5): a path, or "socket:[1234]", "pipe:[1234]", "anon_inode:[eventfd]"
        return (target.startsWith("/") && TERMINALS.stream().noneMatch(target::startsWith))
                || target.equals("anon_inode:[perf_event]");
    }
}
