package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/// One select: its waits, without the calls of the handler.
@Name("selectors4j.Select")
@Label("Select")
@Category("selectors4j")
@Description("The waits of one select, without the calls of the handler")
@Enabled(false)
@StackTrace(false)
final class SelectEvent extends Event {

    static final SelectEvent PROBE = new SelectEvent();

    @Label("Selector")
    int selector;

    @Label("Backend")
    String backend = "";

    @Label("Timeout")
    @Description("Long.MAX_VALUE for no timeout")
    @Timespan(Timespan.NANOSECONDS)
    long timeout;

    @Label("Keys")
    @Description("The number of registered keys")
    int keys;

    @Label("Ready")
    @Description("The number of ready keys")
    int ready;

    @Label("Waits")
    @Description("The number of waits; all but the last one found nothing to report")
    long waits;

    @Label("Reason")
    @Description("Why the select returned")
    String reason = "";
}
