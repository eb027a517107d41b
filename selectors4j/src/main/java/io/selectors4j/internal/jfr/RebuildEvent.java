package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A selector replaced its epoll instance.
@Name("selectors4j.Rebuild")
@Label("Rebuild")
@Category("selectors4j")
@Description("A selector replaced its epoll instance, which watched a file that no key belongs to")
@StackTrace(false)
final class RebuildEvent extends Event {

    static final RebuildEvent PROBE = new RebuildEvent();

    @Label("Selector")
    int selector;

    @Label("Keys")
    @Description("The number of keys that the new instance watches")
    int keys;
}
