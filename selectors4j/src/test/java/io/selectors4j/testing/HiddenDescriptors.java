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

/// Descriptors that stand for a part of the kernel: no program has them, so they have high numbers, [OpenFiles] does not list
/// them, and there is always a reserve, so that they are no part of a limit of open files either.
///
/// @param identity an epoll set that nobody waits on: it says what a number referred to
/// @param write an epoll set of those who wait to write
/// @param except an epoll set of those who wait for out-of-band data
/// @param event an eventfd
/// @param timer a timerfd
record HiddenDescriptors(int identity, int write, int except, int event, int timer) {

    private static final int RESERVE = 4;
    private static final long LOWEST = Math.min(Libc.openFilesLimit() * 3 / 4, 100_000);

    private static final Set<Integer> NUMBERS = new ConcurrentSkipListSet<>();
    private static final Deque<HiddenDescriptors> SPARE = new ArrayDeque<>();

    /// The numbers that are in use.
    static Set<Integer> numbers() {
        return NUMBERS;
    }

    /// Takes some out of the reserve.
    static HiddenDescriptors take() {
        synchronized (SPARE) {
            while (SPARE.size() <= RESERVE && refill()) {
                // until there are enough, or there is no room
            }
            return SPARE.remove();
        }
    }

    private static boolean refill() {
        List<Integer> made = new ArrayList<>();
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
                made.forEach(HiddenDescriptors::close);
                return false;
            }
            made.add(fd);
        }
        SPARE.add(new HiddenDescriptors(made.get(0), made.get(1), made.get(2), made.get(3), made.get(4)));
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
