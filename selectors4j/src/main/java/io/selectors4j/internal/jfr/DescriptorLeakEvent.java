package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/// An object that owns a descriptor became unreachable before it was closed.
@Name("selectors4j.DescriptorLeak")
@Label("Descriptor Leak")
@Category("selectors4j")
@Description("An object that owns a descriptor became unreachable before it was closed")
@StackTrace(false)
final class DescriptorLeakEvent extends Event {

    static final DescriptorLeakEvent PROBE = new DescriptorLeakEvent();

    @Label("Descriptor")
    int fd;

    @Label("Class of the Object")
    Class<?> type = Object.class;

    @Label("Opened By")
    String openedBy = "";
}
