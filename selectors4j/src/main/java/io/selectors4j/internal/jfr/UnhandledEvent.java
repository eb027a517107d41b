package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// A key was ready in many selects, and the program did not use its object.
@Name("selectors4j.Unhandled")
@Label("Unhandled Readiness")
@Category("selectors4j")
@Description("A key was ready in many successive selects, and the program made no call on its object")
@StackTrace(false)
final class UnhandledEvent extends Event {

    static final UnhandledEvent PROBE = new UnhandledEvent();

    @Label("Selector")
    int selector;

    @Label("Descriptor")
    int fd;

    @Label("Object")
    String fileobj = "";

    @Label("Readiness")
    String readiness = "";

    @Label("Selects")
    int selects;
}
