package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// An object began to own a descriptor.
@Name("selectors4j.DescriptorOpen")
@Label("Descriptor Open")
@Category("selectors4j")
@Description("An object began to own a descriptor")
@Enabled(false)
final class DescriptorOpenEvent extends Event {

    static final DescriptorOpenEvent PROBE = new DescriptorOpenEvent();

    @Label("Descriptor")
    int fd;

    @Label("Class of the Object")
    Class<?> type = Object.class;
}
