package io.selectors4j.fd;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.Itimerspec;
import io.selectors4j.internal.linux.LinuxOnly;
import io.selectors4j.internal.linux.LinuxTimers;
import io.selectors4j.internal.posix.PosixClocks;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.internal.sys.Deadline;
import io.selectors4j.internal.sys.SystemCall;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/// A timerfd: a timer that is readable from its expiration until the expirations are read or the timer is set again.
///
/// Times have nanosecond resolution, without rounding, and no timer expires early. The clocks of the kernel end 2^63
/// nanoseconds (292 years) after their zero; a later time never comes.
///
/// A timer with an interval expires repeatedly. The kernel counts expirations until they are read.
///
/// [#read(ByteBuffer)] reads the same number as [#read()], as eight bytes in native byte order; a buffer with less room
/// fails with EINVAL. [#write(ByteBuffer)] always fails with EINVAL.
///
/// Source: timerfd_create(2), clock_getres(2).
public final class TimerFd extends Fd {

    private final Clock clock;

    /// The clock of a timer.
    public enum Clock {
        /// The time of day, since 1970 in UTC. It jumps when it is set, which does not affect relative times.
        REALTIME(LinuxTimers.CLOCK_REALTIME),
        /// The time since an unspecified start, without the time that the system was suspended.
        MONOTONIC(LinuxTimers.CLOCK_MONOTONIC),
        /// The time since boot, including the time that the system was suspended.
        BOOTTIME(LinuxTimers.CLOCK_BOOTTIME),
        /// Like [#REALTIME]; the timer wakes a suspended system. Requires the capability CAP_WAKE_ALARM.
        REALTIME_ALARM(LinuxTimers.CLOCK_REALTIME_ALARM),
        /// Like [#BOOTTIME]; the timer wakes a suspended system. Requires the capability CAP_WAKE_ALARM.
        BOOTTIME_ALARM(LinuxTimers.CLOCK_BOOTTIME_ALARM);

        private final int number;

        Clock(int number) {
            this.number = number;
        }

        /// Returns the current time: clock_gettime(2). The two alarm clocks show the time of the clocks they are named
        /// after.
        ///
        /// @return the time since the zero of the clock
        /// @throws UnsupportedOperationException if this is not Linux
        /// @throws NativeIOException if the system does not have the clock: EINVAL
        public Duration now() throws IOException {
            LinuxOnly.require("a clock of timerfd", "System.nanoTime() and java.time.Clock tell the time");
            Clock base = base();
            Timespec time = new Timespec();
            SystemCall.check(
                    PosixClocks.clock_gettime(ErrnoCapture.current(), base.number, time),
                    () -> "clock_gettime(" + base.toC() + ")");
            return Duration.ofSeconds(time.seconds(), time.nanos());
        }

        /// Returns the clock with the same time: clock_gettime(2) of an alarm clock needs a hardware real-time clock.
        private Clock base() {
            return switch (this) {
                case REALTIME, REALTIME_ALARM -> REALTIME;
                case BOOTTIME, BOOTTIME_ALARM -> BOOTTIME;
                case MONOTONIC -> MONOTONIC;
            };
        }

        private String toC() {
            return "CLOCK_" + name();
        }
    }

    /// The setting of a timer.
    ///
    /// @param remaining the time until the next expiration, always relative; zero if the timer is disarmed, or was set
    ///     to expire once and has expired
    /// @param interval the time between expirations; zero for a single expiration
    public record Setting(Duration remaining, Duration interval) {}

    private TimerFd(int fd, Clock clock) {
        super(fd, true);
        this.clock = clock;
    }

    /// Creates a disarmed timer.
    ///
    /// @param clock the clock
    /// @return a new descriptor, blocking
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, EPERM for an alarm
    ///     clock without the capability CAP_WAKE_ALARM
    public static TimerFd open(Clock clock) throws IOException {
        LinuxOnly.require("timerfd", "select and Await have timeouts");
        int fd = SystemCall.check(
                LinuxTimers.timerfd_create(ErrnoCapture.current(), clock.number, LinuxTimers.TFD_CLOEXEC),
                () -> "timerfd_create(" + clock.toC() + ", TFD_CLOEXEC)");
        return new TimerFd(fd, clock);
    }

    /// Returns the clock of this timer.
    ///
    /// @return the clock
    public Clock clock() {
        return clock;
    }

    /// Sets the timer to expire once. See [#set(Duration, Duration)].
    ///
    /// @param initial the time from now until the expiration
    /// @throws IllegalArgumentException if the time is zero or negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void set(Duration initial) throws IOException {
        set(initial, Duration.ZERO);
    }

    /// Sets the timer relative to now. Replaces the previous setting and discards unread expirations.
    ///
    /// @param initial the time from now until the first expiration
    /// @param interval the time between expirations; zero for a single expiration
    /// @throws IllegalArgumentException if the initial time is zero (use [#disarm]), or one of the times is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void set(Duration initial, Duration interval) throws IOException {
        if (!initial.isPositive()) {
            throw new IllegalArgumentException(
                    "a timer expires after a time above zero, not " + initial + "; disarm() stops it");
        }
        settime(0, "0", initial, interval);
    }

    /// Sets the timer to an absolute time of its clock. Replaces the previous setting and discards unread expirations.
    ///
    /// If the time has passed, also if it is before the zero of the clock, the timer expires at once; with an interval,
    /// it counts all expirations since that time. If [Clock#REALTIME] is set later, the timer follows the new time.
    ///
    /// @param time the time since the zero of the clock, in the form of [Clock#now]
    /// @param interval the time between expirations; zero for a single expiration
    /// @throws IllegalArgumentException if the interval is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void setAt(Duration time, Duration interval) throws IOException {
        settime(LinuxTimers.TFD_TIMER_ABSTIME, "TFD_TIMER_ABSTIME", time, interval);
    }

    /// Sets a timer of [Clock#REALTIME] or [Clock#REALTIME_ALARM] to a time of day. See [#setAt(Duration, Duration)].
    ///
    /// @param time the time
    /// @param interval the time between expirations; zero for a single expiration
    /// @throws IllegalArgumentException if the interval is negative
    /// @throws UnsupportedOperationException if the timer has another clock
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void setAt(Instant time, Duration interval) throws IOException {
        setAt(sinceZero(time), interval);
    }

    /// Sets a timer to a time of day like [#setAt(Instant, Duration)], and reports a change of the clock: when the
    /// clock is set, the timer becomes readable, and [#read] fails once with ECANCELED. With [Instant#MAX], the timer
    /// reports only changes of the clock.
    ///
    /// After a change the timer continues with the new time of the clock. A timer whose expiration was not read before
    /// the change does not expire again and must be set again. Resuming the system after suspension counts as setting
    /// the clock.
    ///
    /// If the clock was set and the change is unread, this method fails with ECANCELED. The timer is set nevertheless,
    /// because the time may have been computed with the old clock.
    ///
    /// @param time the time
    /// @param interval the time between expirations; zero for a single expiration
    /// @throws IllegalArgumentException if the interval is negative
    /// @throws UnsupportedOperationException if the clock of the timer cannot be set: not [Clock#REALTIME] or
    ///     [Clock#REALTIME_ALARM]
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException ECANCELED if the clock was set before; if the system refuses
    public void setAtCancelOnSet(Instant time, Duration interval) throws IOException {
        settime(
                LinuxTimers.TFD_TIMER_ABSTIME | LinuxTimers.TFD_TIMER_CANCEL_ON_SET,
                "TFD_TIMER_ABSTIME|TFD_TIMER_CANCEL_ON_SET",
                sinceZero(time),
                interval);
    }

    private Duration sinceZero(Instant time) {
        if (clock.base() != Clock.REALTIME) {
            throw new UnsupportedOperationException(
                    "a timer of " + clock.toC() + " cannot be set to a time of day: " + time);
        }
        return Duration.ofSeconds(time.getEpochSecond(), time.getNano());
    }

    private void settime(int flags, String names, Duration value, Duration interval) throws IOException {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("negative interval " + interval);
        }
        // timerfd_settime disarms the timer at 0 and refuses negative times. 1 ns has passed on every clock.
        Itimerspec setting = new Itimerspec().set(Math.max(1, Deadline.nanos(value)), Deadline.nanos(interval));
        settime(flags, setting, () -> names + ", " + value + ", " + interval);
    }

    private void settime(int flags, Itimerspec setting, Supplier<String> arguments) throws IOException {
        use(fd -> SystemCall.check(
                LinuxTimers.timerfd_settime(ErrnoCapture.current(), fd, flags, setting, null),
                () -> "timerfd_settime(fd=" + fd + ", " + arguments.get() + ")"));
    }

    /// Disarms the timer and discards unread expirations: it is not readable until it is set again.
    ///
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void disarm() throws IOException {
        settime(0, new Itimerspec().set(0, 0), () -> "0, disarm");
    }

    /// Returns the current setting: timerfd_gettime(2).
    ///
    /// @return the setting
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public Setting get() throws IOException {
        Itimerspec setting = new Itimerspec();
        use(fd -> SystemCall.check(
                LinuxTimers.timerfd_gettime(ErrnoCapture.current(), fd, setting),
                () -> "timerfd_gettime(fd=" + fd + ")"));
        return new Setting(setting.value(), setting.interval());
    }

    /// Reads the number of expirations since the last read, or since the timer was set. Waits for one if the descriptor
    /// is blocking; if the timer is disarmed, until another thread sets it.
    ///
    /// @return the number of expirations; 0 if there are none and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed during this call; closing does not end the wait
    /// @throws NativeIOException ECANCELED if the clock was set: see [#setAtCancelOnSet]
    public long read() throws IOException {
        return EightByteCounter.read(this);
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        requireWritable(target);
        if (!target.hasRemaining()) {
            return 0;
        }
        return toWriteResult("read", EightByteCounter.read(this, target));
    }

    /// Duplicates the descriptor. The duplicate is the same timer.
    ///
    /// @return a new object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public TimerFd dup() throws IOException {
        return new TimerFd(duplicate(), clock);
    }
}
