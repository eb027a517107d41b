package io.selectors4j.internal.sys;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.posix.PosixTerminals;
import io.selectors4j.internal.posix.Signals;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/// The handler of a signal of this process, shared by all receivers of the signal. It is installed by the first
/// [#install] and uninstalled by the last [#uninstall], which restores the previous handler. If other code has
/// installed a handler in between, that one stays.
public final class SignalHandler {

    /// The latest handler of each signal.
    @GuardedBy("SignalHandler.class")
    private static final Map<String, SignalHandler> LATEST = new HashMap<>();

    private final String name;
    private final Object handler = MiscSignal.handler(this::dispatch);
    private final List<Runnable> receivers = new CopyOnWriteArrayList<>();
    private volatile @Nullable Object previous;
    private volatile boolean uninstalled;

    private SignalHandler(String name) {
        this.name = name;
    }

    /// Adds a receiver of a signal, and installs a handler if none of this library is in effect.
    ///
    /// @param name the name of the signal, with SIG
    /// @param receiver runs for each signal, on a thread that must not block
    /// @return the handler to uninstall
    /// @throws UnsupportedOperationException if the virtual machine does not let Java code handle the signal; the
    ///     message says why
    public static synchronized SignalHandler install(String name, Runnable receiver) {
        MiscSignal.requireDispatch(name);
        SignalHandler latest = LATEST.get(name);
        if (latest != null && latest.isInstalled()) {
            latest.receivers.add(receiver);
            return latest;
        }
        // Other code may have replaced the latest handler. The new one restores that code's handler.
        SignalHandler installed = new SignalHandler(name);
        installed.receivers.add(receiver);
        installed.previous = MiscSignal.handle(name, installed.handler);
        LATEST.put(name, installed);
        return installed;
    }

    /// Removes a receiver. The last one restores the previous handler.
    public void uninstall(Runnable receiver) {
        synchronized (SignalHandler.class) {
            receivers.remove(receiver);
            if (!receivers.isEmpty()) {
                return;
            }
            LATEST.remove(name, this);
            synchronized (MiscSignal.monitor()) {
                Object restored = previous;
                if (restored != null && isInstalled()) {
                    MiscSignal.handle(name, restored);
                } else {
                    uninstalled = true;
                }
            }
        }
    }

    /// Returns whether the process ignored the signal before the handler was installed.
    public boolean wasIgnored() {
        Object before = previous;
        return before != null && MiscSignal.isSame(before, MiscSignal.disposition("SIG_IGN"));
    }

    /// Raises the signal with its default action for the calling thread. If the action stops the process, this method
    /// returns when the process continues.
    public void raiseDefault() {
        synchronized (MiscSignal.monitor()) {
            Object current = MiscSignal.handle(name, MiscSignal.disposition("SIG_DFL"));
            try {
                PosixTerminals.raise(ErrnoCapture.current(), Signals.number(name));
            } finally {
                MiscSignal.handle(name, current);
            }
        }
    }

    /// Returns whether this handler is the current one of its signal. `Signal.handle` can only replace handlers, so
    /// this method installs this handler for a moment.
    private boolean isInstalled() {
        synchronized (MiscSignal.monitor()) {
            Object current = MiscSignal.handle(name, handler);
            boolean same = MiscSignal.isSame(current, handler);
            if (!same) {
                MiscSignal.handle(name, current);
            }
            return same;
        }
    }

    private void dispatch() {
        Object next = previous;
        if (uninstalled && next != null) {
            // A handler of other code, installed over this one, passes the signal on to it.
            MiscSignal.run(name, next);
        }
        for (Runnable receiver : receivers) {
            receiver.run();
        }
    }
}
