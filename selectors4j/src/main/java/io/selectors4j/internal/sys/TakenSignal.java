package io.selectors4j.internal.sys;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A signal of this process, taken over for who wants to hear of it. Its former disposition is off from the first
/// [#take] to the last [#leave], which puts it back, unless somebody else has put another handler in force meanwhile:
/// that one stays.
public final class TakenSignal {

    /// The newest one of each signal; guarded by this class.
    private static final Map<String, TakenSignal> NEWEST = new HashMap<>();

    private final String name;
    private final Object handler = SunSignals.handler(this::arrive);
    private final List<Runnable> receivers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Object former;
    private volatile boolean left;

    private TakenSignal(String name) {
        this.name = name;
    }

    /// Takes a signal over.
    ///
    /// @param name its name, with SIG
    /// @param receiver what to call when it arrives, on a thread that must not wait
    /// @return what to leave when it is of no interest any more
    /// @throws UnsupportedOperationException if the virtual machine does not give it away; the message says why
    public static synchronized TakenSignal take(String name, Runnable receiver) {
        SunSignals.requireDispatch(name);
        TakenSignal newest = NEWEST.get(name);
        if (newest != null && newest.isInForce()) {
            newest.receivers.add(receiver);
            return newest;
        }
        // If there is one, somebody else's handler is in force over it: that one is put back after this one.
        TakenSignal taken = new TakenSignal(name);
        taken.receivers.add(receiver);
        taken.former = SunSignals.handle(name, taken.handler);
        NEWEST.put(name, taken);
        return taken;
    }

    /// Ends what [#take] began.
    ///
    /// @param receiver the receiver
    public void leave(Runnable receiver) {
        synchronized (TakenSignal.class) {
            receivers.remove(receiver);
            if (!receivers.isEmpty()) {
                return;
            }
            NEWEST.remove(name, this);
            synchronized (SunSignals.monitor()) {
                Object before = former;
                if (before != null && isInForce()) {
                    SunSignals.handle(name, before);
                } else {
                    left = true;
                }
            }
        }
    }

    /// Whether nobody has put another handler in force. To ask is to put this one in force for a moment.
    private boolean isInForce() {
        synchronized (SunSignals.monitor()) {
            Object current = SunSignals.handle(name, handler);
            boolean mine = SunSignals.isSame(current, handler);
            if (!mine) {
                SunSignals.handle(name, current);
            }
            return mine;
        }
    }

    private void arrive() {
        Object before = former;
        if (left && before != null) {
            // Somebody else's handler hands the signal on to the one it has found here.
            SunSignals.run(name, before);
        }
        for (Runnable receiver : receivers) {
            receiver.run();
        }
    }
}
