package io.selectors4j.internal.sys;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// A signal of this process, taken over for who wants to hear of it. Its former disposition is off from the first
/// [#install] to the last [#uninstall], which puts it back, unless somebody else has put another handler in force meanwhile:
/// that one stays.
public final class SignalHandler {

    /// The newest handler of each signal.
    @GuardedBy("SignalHandler.class")
    private static final Map<String, SignalHandler> NEWEST = new HashMap<>();

    private final String name;
    private final Object handler = MiscSignal.handler(this::deliver);
    private final List<Runnable> receivers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Object previous;
    private volatile boolean uninstalled;

    private SignalHandler(String name) {
        this.name = name;
    }

    /// Takes a signal over.
    ///
    /// @param name its name, with SIG
    /// @param receiver what to call when it arrives, on a thread that must not wait
    /// @return what to leave when it is of no interest any more
    /// @throws UnsupportedOperationException if the virtual machine does not give it away; the message says why
    public static synchronized SignalHandler install(String name, Runnable receiver) {
        MiscSignal.requireDispatch(name);
        SignalHandler newest = NEWEST.get(name);
        if (newest != null && newest.isInForce()) {
            newest.receivers.add(receiver);
            return newest;
        }
        // If there is one, somebody else's handler is in force over it: that one is put back after this one.
        SignalHandler taken = new SignalHandler(name);
        taken.receivers.add(receiver);
        taken.previous = MiscSignal.handle(name, taken.handler);
        NEWEST.put(name, taken);
        return taken;
    }

    /// Ends what [#install] began.
    ///
    /// @param receiver the receiver
    public void uninstall(Runnable receiver) {
        synchronized (SignalHandler.class) {
            receivers.remove(receiver);
            if (!receivers.isEmpty()) {
                return;
            }
            NEWEST.remove(name, this);
            synchronized (MiscSignal.monitor()) {
                Object before = previous;
                if (before != null && isInForce()) {
                    MiscSignal.handle(name, before);
                } else {
                    uninstalled = true;
                }
            }
        }
    }

    /// Whether nobody has put another handler in force. To ask is to put this one in force for a moment.
    private boolean isInForce() {
        synchronized (MiscSignal.monitor()) {
            Object current = MiscSignal.handle(name, handler);
            boolean mine = MiscSignal.isSame(current, handler);
            if (!mine) {
                MiscSignal.handle(name, current);
            }
            return mine;
        }
    }

    private void deliver() {
        Object before = previous;
        if (uninstalled && before != null) {
            // Somebody else's handler hands the signal on to the one it has found here.
            MiscSignal.run(name, before);
        }
        for (Runnable receiver : receivers) {
            receiver.run();
        }
    }
}
