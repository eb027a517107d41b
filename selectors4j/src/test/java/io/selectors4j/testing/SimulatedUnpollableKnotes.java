package io.selectors4j.testing;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.Itimerspec;
import io.selectors4j.internal.linux.LinuxTimers;
import io.selectors4j.internal.posix.PosixLibc;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The knotes of a kqueue that no epoll instance can watch: user events, timers, and files that cannot be polled. An
/// eventfd in the epoll instance of the kqueue is readable while one of them is ready. A timerfd expires with the next
/// timer.
final class SimulatedUnpollableKnotes {

    // sys/event.h, the same on all systems
    private static final int NOTE_FFCTRLMASK = 0xC0000000;
    private static final int NOTE_FFAND = 0x40000000;
    private static final int NOTE_FFOR = 0x80000000;
    private static final int NOTE_FFCOPY = 0xC0000000;
    private static final int NOTE_FFLAGSMASK = 0x00FFFFFF;
    private static final int NOTE_TRIGGER = 0x01000000;

    /// Longer than any test waits for a timer.
    private static final long HOUR = TimeUnit.HOURS.toNanos(1);

    private final SimulatedKqueueAbi abi;
    private final HiddenDescriptors hidden;
    private final Set<SimulatedKnote> knotes = new LinkedHashSet<>();
    private final MemorySegment buffer = Arena.ofAuto().allocate(ValueLayout.JAVA_LONG);
    private boolean eventIsSet;
    private volatile boolean needsPolling;

    SimulatedUnpollableKnotes(SimulatedKqueueAbi abi, HiddenDescriptors hidden) {
        this.abi = abi;
        this.hidden = hidden;
    }

    List<SimulatedKnote> all() {
        return List.copyOf(knotes);
    }

    void add(SimulatedKnote knote) {
        knotes.add(knote);
    }

    void remove(SimulatedKnote knote) {
        knotes.remove(knote);
    }

    /// Returns whether a file has to be checked at intervals, because Linux does not report when it becomes ready.
    boolean needsPolling() {
        return needsPolling;
    }

    /// Adds a user event or a timer.
    ///
    /// @return an errno, or 0
    int attach(SimulatedKnote knote, SimulatedKevent change) {
        if (knote.id.filter() == SimulatedKqueueAbi.Filter.TIMER) {
            return start(knote, change);
        }
        knote.notes = change.fflags() & NOTE_FFLAGSMASK;
        knote.data = change.data();
        knote.triggered = (change.fflags() & NOTE_TRIGGER) != 0;
        return 0;
    }

    /// Modifies a user event or a timer.
    ///
    /// @return an errno, or 0
    int update(SimulatedKnote knote, SimulatedKevent change) {
        if (knote.id.filter() == SimulatedKqueueAbi.Filter.TIMER) {
            return change.has(SimulatedKevent.EV_ADD) ? start(knote, change) : 0;
        }
        int notes = change.fflags() & NOTE_FFLAGSMASK;
        knote.triggered |= (change.fflags() & NOTE_TRIGGER) != 0;
        knote.notes = switch (change.fflags() & NOTE_FFCTRLMASK) {
            case NOTE_FFAND -> knote.notes & notes;
            case NOTE_FFOR -> knote.notes | notes;
            case NOTE_FFCOPY -> notes;
            default -> knote.notes;
        };
        knote.data = change.data();
        if (change.has(SimulatedKevent.EV_CLEAR) && !abi.apple()) {
            // On the BSDs, EV_CLEAR in a change resets the user event.
            knote.triggered = false;
            knote.notes = 0;
            knote.data = 0;
        }
        return 0;
    }

    private int start(SimulatedKnote knote, SimulatedKevent change) {
        Long unit = abi.units().get(change.fflags() & abi.unitMask());
        if (unit == null || change.data() < 0) {
            return LinuxCalls.EINVAL;
        }
        long nanos = change.data() * unit;
        boolean absolute = (change.fflags() & abi.absolute()) != 0;
        long now = System.nanoTime();
        knote.expires = now + (absolute ? nanos - ChronoUnit.NANOS.between(Instant.EPOCH, Instant.now()) : nanos);
        knote.period = absolute ? 0 : nanos;
        knote.expirations = 0;
        return 0;
    }

    /// Evaluates an enabled knote. Returns null if it is not ready.
    SimulatedFile.@Nullable Found find(SimulatedKnote knote) {
        return switch (knote.id.filter()) {
            case USER -> knote.triggered ? new SimulatedFile.Found(0, knote.notes, knote.data) : null;
            case TIMER -> {
                expire(knote);
                yield knote.expirations > 0 ? new SimulatedFile.Found(0, 0, knote.expirations) : null;
            }
            case READ, WRITE, EXCEPT -> {
                SimulatedFile file = knote.file;
                if (file == null) {
                    throw new AssertionError(knote.id);
                }
                yield file.evaluateAlwaysReady(abi, knote.id.filter(), knote.notes);
            }
        };
    }

    private static void expire(SimulatedKnote timer) {
        long overdue = System.nanoTime() - timer.expires;
        if (overdue < 0 || (timer.period == 0 && timer.expirations > 0)) {
            return;
        }
        long times = timer.period == 0 ? 1 : 1 + overdue / timer.period;
        timer.expirations += times;
        timer.expires += timer.period == 0 ? HOUR : times * timer.period;
    }

    /// Updates a knote whose event has been collected, and moves it behind the others.
    void reported(SimulatedKnote knote) {
        if (knotes.remove(knote)) {
            knotes.add(knote);
        }
        switch (knote.id.filter()) {
            case TIMER -> knote.expirations = 0; // timers imply EV_CLEAR
            case USER -> {
                if (knote.has(SimulatedKevent.EV_CLEAR)) {
                    knote.triggered = false;
                    knote.notes = 0;
                    knote.data = 0;
                }
            }
            case READ, WRITE, EXCEPT -> {}
        }
    }

    /// Updates the eventfd and the timerfd.
    void refresh() {
        boolean ready = false;
        boolean fileNotReady = false;
        long next = HOUR;
        for (SimulatedKnote knote : knotes) {
            if (knote.disabled) {
                continue;
            }
            boolean found = find(knote) != null;
            ready |= found;
            fileNotReady |= !found && knote.file != null;
            if (!found && knote.id.filter() == SimulatedKqueueAbi.Filter.TIMER) {
                next = Math.min(next, Math.max(1, knote.expires - System.nanoTime()));
            }
        }
        needsPolling = fileNotReady;
        LinuxTimers.timerfd_settime(ErrnoCapture.current(), hidden.timer(), 0, new Itimerspec().set(next, 0), null);
        if (ready != eventIsSet) {
            eventIsSet = ready;
            buffer.set(ValueLayout.JAVA_LONG, 0, 1);
            if (ready) {
                PosixLibc.write(ErrnoCapture.current(), hidden.event(), buffer, Long.BYTES);
            } else {
                PosixLibc.read(ErrnoCapture.current(), hidden.event(), buffer, Long.BYTES);
            }
        }
    }
}
