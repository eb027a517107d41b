package io.selectors4j.testing;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.linux.LinuxTimers;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.PosixLibc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.ToIntFunction;

/// Descriptors that implement a part of a simulated kernel. A real program has none of them: their numbers are high,
/// [OpenFiles] does not list them, and a reserve keeps them out of limits of open files.
///
/// @param identity an epoll instance that is never waited on, but knows which open file a number referred to
/// @param write an epoll instance for EVFILT_WRITE
/// @param except an epoll instance for EVFILT_EXCEPT
/// @param event an eventfd
/// @param timer a timerfd
record HiddenDescriptors(int identity, int write, int except, int event, int timer) {

    private static final int RESERVE = 4;
    private static final long LOWEST = Math.min(Libc.openFilesLimit() * 3 / 4, 100_000);

    private static final Set<Integer> NUMBERS = new ConcurrentSkipListSet<>();
    private static final Deque<HiddenDescriptors> SPARE = new ArrayDeque<>();

    /// Returns the numbers in use.
    static Set<Integer> numbers() {
        return NUMBERS;
    }

    /// Takes a set of descriptors from the reserve.
    static HiddenDescriptors take() {
        synchronized (SPARE) {
            while (SPARE.size() <= RESERVE && refill()) {
                // until there are enough, or the limit is reached
            }
            return SPARE.remove();
        }
    }

    private static boolean refill() {
        List<Integer> fds = new ArrayList<>();
        List<ToIntFunction<ErrnoCapture>> kinds = List.of(
                state -> LinuxLibc.epoll_create1(state, LinuxConstants.EPOLL_CLOEXEC),
                state -> LinuxLibc.epoll_create1(state, LinuxConstants.EPOLL_CLOEXEC),
                state -> LinuxLibc.epoll_create1(state, LinuxConstants.EPOLL_CLOEXEC),
                state -> LinuxLibc.eventfd(state, 0, LinuxConstants.EFD_CLOEXEC | LinuxConstants.EFD_NONBLOCK),
                state -> LinuxTimers.timerfd_create(
                        state, LinuxTimers.CLOCK_MONOTONIC, LinuxTimers.TFD_CLOEXEC | Constants.O_NONBLOCK));
        for (ToIntFunction<ErrnoCapture> kind : kinds) {
            int fd = make(kind);
            if (fd < 0) {
                fds.forEach(HiddenDescriptors::close);
                return false;
            }
            fds.add(fd);
        }
        SPARE.add(new HiddenDescriptors(fds.get(0), fds.get(1), fds.get(2), fds.get(3), fds.get(4)));
        return true;
    }

    private static int make(ToIntFunction<ErrnoCapture> kind) {
        ErrnoCapture state = ErrnoCapture.current();
        int low = kind.applyAsInt(state);
        if (low < 0) {
            return low;
        }
        int high = PosixLibc.fcntl(state, low, Constants.F_DUPFD_CLOEXEC, (int) LOWEST);
        if (high >= 0) {
            NUMBERS.add(high);
        }
        Libc.close(low);
        return high;
    }

    void close() {
        List.of(identity, write, except, event, timer).forEach(HiddenDescriptors::close);
    }

    private static void close(int fd) {
        NUMBERS.remove(fd);
        Libc.close(fd);
    }
}
