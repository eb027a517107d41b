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

/// A timer that can be waited for: readable from its expiration until the expirations are read, or the timer is set again.
///
/// Times are exact to the nanosecond: nothing is rounded, and no timer expires early. The kernel's clocks end 2^63
/// nanoseconds (292 years) after their zero; a time beyond never comes.
///
/// A timer with an interval expires again and again. Expirations that nobody reads are counted: a timer never falls behind.
///
/// [#read(ByteBuffer)] returns the same number as [#read()], as eight bytes in the byte order of the host; a buffer with
/// less room fails with EINVAL, as [#write(ByteBuffer)] does always.
///
/// Source: timerfd_create(2), clock_getres(2).
public final class TimerFd extends Fd {

    private final Clock clock;

    /// A clock that a timer runs by.
    public enum Clock {
        /// The time of day, since 1970 in UTC. It can be set, and then jumps; a relative time is not affected by that.
        REALTIME(LinuxTimers.CLOCK_REALTIME),
        /// The time since some moment in the past, without the time that the system was suspended.
        MONOTONIC(LinuxTimers.CLOCK_MONOTONIC),
        /// The time since the system was started, with the time that it was suspended.
        BOOTTIME(LinuxTimers.CLOCK_BOOTTIME),
        /// As [#REALTIME]; the timer wakes a system that is suspended. Needs the capability CAP_WAKE_ALARM.
        REALTIME_ALARM(LinuxTimers.CLOCK_REALTIME_ALARM),
        /// As [#BOOTTIME]; the timer wakes a system that is suspended. Needs the capability CAP_WAKE_ALARM.
        BOOTTIME_ALARM(LinuxTimers.CLOCK_BOOTTIME_ALARM);

        private final int number;

        Clock(int number) {
            this.number = number;
        }

        /// The time now: clock_gettime(2). The two clocks for alarms show the time of the clocks they are named after.
        ///
        /// @return the time since the clock's zero
        /// @throws UnsupportedOperationException if this is not Linux
        /// @throws NativeIOException if the system does not have the clock: EINVAL
        public Duration now() throws IOException {
            LinuxOnly.require("a clock of timerfd");
            Clock base = base();
            Timespec time = new Timespec();
            SystemCall.check(
                    PosixClocks.clock_gettime(ErrnoCapture.current(), base.number, time),
                    () -> "clock_gettime(" + base.toC() + ")");
            return Duration.ofSeconds(time.seconds(), time.nanos());
        }

        /// The clock whose time this one shows: clock_gettime(2) itself needs a real-time clock of the hardware for those
        /// with alarms.
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

    /// What a timer is set to.
    ///
    /// @param remaining the time until it expires next, relative however it was set; zero if it is disarmed, or was set to
    ///     expire once and has expired
    /// @param interval the time from one expiration to the next; zero for one expiration only
    public record Setting(Duration remaining, Duration interval) {}

    private TimerFd(int fd, Clock clock) {
        super(fd, true);
        this.clock = clock;
    }

    /// Creates a timer, which is disarmed.
    ///
    /// @param clock what it runs by
    /// @return a new descriptor, blocking
    /// @throws UnsupportedOperationException if this is not Linux
    /// @throws NativeIOException if the system refuses: EMFILE or ENFILE at a limit of open files, EPERM for a clock for
    ///     alarms without the capability CAP_WAKE_ALARM
    public static TimerFd open(Clock clock) throws IOException {
        LinuxOnly.require("timerfd");
        int fd = SystemCall.check(
                LinuxTimers.timerfd_create(ErrnoCapture.current(), clock.number, LinuxTimers.TFD_CLOEXEC),
                () -> "timerfd_create(" + clock.toC() + ", TFD_CLOEXEC)");
        return new TimerFd(fd, clock);
    }

    /// The clock that this timer runs by.
    ///
    /// @return the clock
    public Clock clock() {
        return clock;
    }

    /// Sets the timer to expire once. See [#set(Duration, Duration)].
    ///
    /// @param initial the time from now until it expires
    /// @throws IllegalArgumentException if the time is zero or negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void set(Duration initial) throws IOException {
        set(initial, Duration.ZERO);
    }

    /// Sets the timer relative to now. Whatever it was set to before is over; expirations that were not read are forgotten.
    ///
    /// @param initial the time from now until it expires
    /// @param interval the time from one expiration to the next; zero for one expiration only
    /// @throws IllegalArgumentException if the first time is zero, for which there is [#disarm], or one is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void set(Duration initial, Duration interval) throws IOException {
        if (!initial.isPositive()) {
            throw new IllegalArgumentException(
                    "a timer expires after a time above zero, not " + initial + "; disarm() stops it");
        }
        settime(0, "0", initial, interval);
    }

    /// Sets the timer to a time of its clock. If that has passed, also if it is before the clock's zero, the timer expires
    /// at once; with an interval, as many times as it would have expired since. Whatever the timer was set to before is over;
    /// expirations that were not read are forgotten.
    ///
    /// When [Clock#REALTIME] is set, the timer goes by the new time.
    ///
    /// @param time the time since the clock's zero, as [Clock#now] returns it
    /// @param interval the time from one expiration to the next; zero for one expiration only
    /// @throws IllegalArgumentException if the interval is negative
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void setAt(Duration time, Duration interval) throws IOException {
        settime(LinuxTimers.TFD_TIMER_ABSTIME, "TFD_TIMER_ABSTIME", time, interval);
    }

    /// Sets a timer of [Clock#REALTIME] or [Clock#REALTIME_ALARM] to a time of day. See [#setAt(Duration, Duration)].
    ///
    /// @param time the time
    /// @param interval the time from one expiration to the next; zero for one expiration only
    /// @throws IllegalArgumentException if the interval is negative
    /// @throws UnsupportedOperationException if the timer runs by another clock
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void setAt(Instant time, Duration interval) throws IOException {
        setAt(sinceZero(time), interval);
    }

    /// Sets a timer to a time of day as [#setAt(Instant, Duration)] does, and makes it tell when somebody sets the clock:
    /// then it becomes readable, and [#read] fails with ECANCELED, once. Set to [Instant#MAX], a timer does nothing else.
    ///
    /// The timer itself goes on after that, by the new time of the clock; but one that has expired, and whose expiration was
    /// not read before the clock was set, does not expire again: it is to be set anew. The kernel counts as setting the
    /// clock also when the system resumes after it was suspended.
    ///
    /// If the clock was set and nobody has read that yet, this method itself fails with ECANCELED, and the timer is set
    /// nevertheless: the time may have been calculated by the old clock.
    ///
    /// @param time the time
    /// @param interval the time from one expiration to the next; zero for one expiration only
    /// @throws IllegalArgumentException if the interval is negative
    /// @throws UnsupportedOperationException if the timer runs by another clock than [Clock#REALTIME] and
    ///     [Clock#REALTIME_ALARM], which nobody can set
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException ECANCELED as said above; if the system refuses
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
                    "a timer of " + clock.toC() + " does not know the time of day, so it cannot be set to " + time);
        }
        return Duration.ofSeconds(time.getEpochSecond(), time.getNano());
    }

    private void settime(int flags, String names, Duration value, Duration interval) throws IOException {
        if (interval.isNegative()) {
            throw new IllegalArgumentException("negative interval " + interval);
        }
        // Zero would disarm the timer, and what is below is refused; one nanosecond has passed on every clock.
        Itimerspec setting = new Itimerspec().set(Math.max(1, Deadline.nanos(value)), Deadline.nanos(interval));
        settime(flags, setting, () -> names + ", " + value + ", " + interval);
    }

    private void settime(int flags, Itimerspec setting, Supplier<String> arguments) throws IOException {
        use(fd -> SystemCall.check(
                LinuxTimers.timerfd_settime(ErrnoCapture.current(), fd, flags, setting, null),
                () -> "timerfd_settime(fd=" + fd + ", " + arguments.get() + ")"));
    }

    /// Stops the timer. Expirations that were not read are forgotten, so it is not readable until it is set again.
    ///
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses
    public void disarm() throws IOException {
        settime(0, new Itimerspec().set(0, 0), () -> "0, disarm");
    }

    /// What the timer is set to: timerfd_gettime(2).
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

    /// Takes the number of expirations since the last read, or since the timer was set. Waits for one if the descriptor is
    /// blocking; while the timer is disarmed, until another thread has set it.
    ///
    /// @return how many; 0 if there was none and the descriptor is non-blocking
    /// @throws ClosedChannelException if this object is closed
    /// @throws AsynchronousCloseException if it was closed while this call waited, which goes on until something else ends it
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

    /// Duplicates the descriptor: both are the same timer.
    ///
    /// @return an object that owns the new descriptor
    /// @throws ClosedChannelException if this object is closed
    /// @throws NativeIOException if the system refuses: EMFILE at the limit of open files
    @Override
    public TimerFd dup() throws IOException {
        return new TimerFd(duplicate(), clock);
    }
}
