package io.selectors4j.testing;

import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;

/// A timer on the time of the simulation. It is readable once it has expired, as a
/// [io.selectors4j.fd.TimerFd].
public final class SimulatedTimer extends SimulatedDescriptor {

    private final Setting setting;

    SimulatedTimer(Setting setting, int fd) {
        this.setting = setting;
        super(setting, fd);
    }

    /// The state of the timer.
    static final class Setting extends OpenFile {

        private long expirations;

        /// Identifies the last call of `set`: scheduled expirations of an earlier one do nothing.
        private int version;

        Setting(Kernel kernel) {
            super(kernel);
        }

        @Override
        int mask() {
            return expirations > 0 ? Poll.IN : 0;
        }

        @Override
        void onLastClose() {
            version++;
        }

        private void set() {
            version++;
            expirations = 0;
        }

        private void schedule(long time, long interval) {
            int scheduled = version;
            kernel.clock.schedule(time, () -> {
                try (var _ = kernel.acquire()) {
                    if (scheduled == version) {
                        expirations++;
                        fire();
                        if (interval > 0) {
                            schedule(time + interval, interval);
                        }
                    }
                }
            });
        }

        @Override
        public String toString() {
            return "timer, " + expirations + " to read";
        }
    }

    /// Sets the timer to expire once. Replaces the previous setting and discards unread expirations.
    ///
    /// @param initial the time from now until the expiration
    /// @throws IllegalArgumentException if the time is not positive
    /// @throws ClosedChannelException if this object is closed
    public void set(Duration initial) throws IOException {
        set(initial, Duration.ZERO);
    }

    /// Sets the timer. Replaces the previous setting and discards unread expirations.
    ///
    /// @param initial the time from now until the first expiration
    /// @param interval the time between expirations; zero for a single expiration
    /// @throws IllegalArgumentException if the initial time is not positive, or the interval is negative
    /// @throws ClosedChannelException if this object is closed
    public void set(Duration initial, Duration interval) throws IOException {
        if (!initial.isPositive() || interval.isNegative()) {
            throw new IllegalArgumentException("initial " + initial + ", interval " + interval);
        }
        try (var _ = kernel().acquire()) {
            requireOpen();
            setting.set();
            setting.schedule(kernel().clock.after(initial.toNanos()), interval.toNanos());
        }
    }

    /// Disarms the timer and discards unread expirations.
    ///
    /// @throws ClosedChannelException if this object is closed
    public void disarm() throws IOException {
        try (var _ = kernel().acquire()) {
            requireOpen();
            setting.set();
        }
    }

    /// Reads the number of expirations since the last read, or since the timer was set.
    ///
    /// @return the number of expirations; 0 if there are none
    /// @throws ClosedChannelException if this object is closed
    /// @throws io.selectors4j.NativeIOException for a planned failure
    public long read() throws IOException {
        try (var _ = kernel().acquire()) {
            requireOpen();
            setting.checkFault(Operation.READ, fileno());
            long read = setting.expirations;
            setting.expirations = 0;
            return read;
        }
    }
}
