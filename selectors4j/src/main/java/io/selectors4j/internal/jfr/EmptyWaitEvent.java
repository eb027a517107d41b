package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A wait that ended before its timeout with nothing to report.
@Name("selectors4j.EmptyWait")
@Label("Empty Wait")
@Category("selectors4j")
@Description("A wait ended before its timeout with nothing to report: a key had changed meanwhile, or was stale")
@Enabled(false)
@StackTrace(false)
final class EmptyWaitEvent extends Event {

    static final EmptyWaitEvent PROBE = new EmptyWaitEvent();

    @Label("Selector")
    int selector;

    @Label("Backend")
    String backend = "";
}
