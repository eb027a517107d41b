package io.selectors4j.internal.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// A change of the keys of a selector.
@Name("selectors4j.Registration")
@Label("Registration")
@Category("selectors4j")
@Description("A key was registered, modified or unregistered, or its object was closed")
@Enabled(false)
final class RegistrationEvent extends Event {

    static final RegistrationEvent PROBE = new RegistrationEvent();

    @Label("Selector")
    int selector;

    @Label("Operation")
    String operation = "";

    @Label("Descriptor")
    int fd;

    @Label("Class of the Object")
    Class<?> type = Object.class;

    @Label("Interest")
    String interest = "";
}
