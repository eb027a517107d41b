package io.selectors4j.internal.jfr;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/// Records the events of this package. If no recording has enabled an event, its method costs one check, and creates no
/// object. Without the module `jdk.jfr`, no event is enabled, and no class of that module is loaded.
public final class Jfr {

    private static final boolean PRESENT = isPresent(Jfr.class.getModule());

    private Jfr() {}

    private static boolean isPresent(Module reader) {
        return ModuleLayer.boot().findModule("jdk.jfr").filter(reader::canRead).isPresent();
    }

    /// Begins the event of a select.
    ///
    /// @return the event, for [#endSelect]; null if no recording wants it
    public static @Nullable Object beginSelect() {
        if (!PRESENT || !SelectEvent.PROBE.isEnabled()) {
            return null;
        }
        SelectEvent event = new SelectEvent();
        event.begin();
        return event;
    }

    /// Ends the event of a select.
    ///
    /// @param begun the result of [#beginSelect], not null
    /// @param waits the number of waits
    /// @param reason why the select returns
    public static void endSelect(
            Object begun, int selector, String backend, long timeout, int keys, int ready, long waits, String reason) {
        SelectEvent event = (SelectEvent) begun;
        event.selector = selector;
        event.backend = backend;
        event.timeout = timeout;
        event.keys = keys;
        event.ready = ready;
        event.waits = waits;
        event.reason = reason;
        event.commit();
    }

    /// Returns whether a recording wants [#registration].
    public static boolean isRegistrationEnabled() {
        return PRESENT && RegistrationEvent.PROBE.isEnabled();
    }

    /// Records a change of the keys.
    ///
    /// @param operation `register`, `modify`, `unregister` or `close`
    public static void registration(int selector, String operation, int fd, Class<?> type, String interest) {
        RegistrationEvent event = new RegistrationEvent();
        event.selector = selector;
        event.operation = operation;
        event.fd = fd;
        event.type = type;
        event.interest = interest;
        event.commit();
    }

    /// Records a wait that ended before its timeout with nothing to report.
    public static void emptyWait(int selector, String backend) {
        if (PRESENT && EmptyWaitEvent.PROBE.isEnabled()) {
            EmptyWaitEvent event = new EmptyWaitEvent();
            event.selector = selector;
            event.backend = backend;
            event.commit();
        }
    }

    /// Records that a selector replaced its epoll instance.
    public static void rebuild(int selector, int keys) {
        if (PRESENT && RebuildEvent.PROBE.isEnabled()) {
            RebuildEvent event = new RebuildEvent();
            event.selector = selector;
            event.keys = keys;
            event.commit();
        }
    }

    /// Records that a key was ready in many selects without a call on its object.
    public static void unhandled(int selector, int fd, String fileobj, String readiness, int selects) {
        if (PRESENT && UnhandledEvent.PROBE.isEnabled()) {
            UnhandledEvent event = new UnhandledEvent();
            event.selector = selector;
            event.fd = fd;
            event.fileobj = fileobj;
            event.readiness = readiness;
            event.selects = selects;
            event.commit();
        }
    }

    /// Begins the event of a thread that parks.
    ///
    /// @return the event, for [#endPark]; null if no recording wants it
    public static @Nullable Object beginPark() {
        if (!PRESENT || !ParkEvent.PROBE.isEnabled()) {
            return null;
        }
        ParkEvent event = new ParkEvent();
        event.begin();
        return event;
    }

    /// Ends the event of a thread that parked.
    ///
    /// @param begun the result of [#beginPark]; null for no event
    public static void endPark(@Nullable Object begun, int fd, int events, int result) {
        if (begun != null) {
            ParkEvent event = (ParkEvent) begun;
            event.fd = fd;
            event.events = events;
            event.result = result;
            event.commit();
        }
    }

    /// Records that an object began to own a descriptor.
    public static void descriptorOpen(int fd, Class<?> type) {
        if (PRESENT && DescriptorOpenEvent.PROBE.isEnabled()) {
            DescriptorOpenEvent event = new DescriptorOpenEvent();
            event.fd = fd;
            event.type = type;
            event.commit();
        }
    }

    /// Records that an object that owns a descriptor was closed.
    public static void descriptorClose(int fd, Class<?> type) {
        if (PRESENT && DescriptorCloseEvent.PROBE.isEnabled()) {
            DescriptorCloseEvent event = new DescriptorCloseEvent();
            event.fd = fd;
            event.type = type;
            event.commit();
        }
    }

    /// Records that an object that owns a descriptor became unreachable before it was closed.
    ///
    /// @param openedBy the stack trace of its creation
    public static void descriptorLeak(int fd, Class<?> type, Throwable openedBy) {
        if (PRESENT && DescriptorLeakEvent.PROBE.isEnabled()) {
            DescriptorLeakEvent event = new DescriptorLeakEvent();
            event.fd = fd;
            event.type = type;
            StringWriter text = new StringWriter();
            openedBy.printStackTrace(new PrintWriter(text));
            event.openedBy = text.toString();
            event.commit();
        }
    }
}
