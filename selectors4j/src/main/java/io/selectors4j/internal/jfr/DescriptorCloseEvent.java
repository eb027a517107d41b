package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// An object that owns a descriptor was closed.
@Name("selectors4j.DescriptorClose")
@Label("Descriptor Close")
@Category("selectors4j")
@Description("An object that owns a descriptor was closed")
@Enabled(false)
final class DescriptorCloseEvent extends Event {

    static final DescriptorCloseEvent PROBE = new DescriptorCloseEvent();

    @Label("Descriptor")
    int fd;

    @Label("Class of the Object")
    Class<?> type = Object.class;
}
