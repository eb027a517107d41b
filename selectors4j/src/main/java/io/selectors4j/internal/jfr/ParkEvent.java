package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// A thread parked until its descriptor was ready.
@Name("selectors4j.Park")
@Label("Park")
@Category("selectors4j")
@Description("A thread parked until the poller found its descriptor ready")
@Enabled(false)
final class ParkEvent extends Event {

    static final ParkEvent PROBE = new ParkEvent();

    @Label("Descriptor")
    int fd;

    @Label("Events")
    @Description("POLL* flags that the thread waited for")
    int events;

    @Label("Result")
    @Description("POLL* flags; 0 after the timeout or an interrupt; negative if the wait was canceled or refused")
    int result;
}
