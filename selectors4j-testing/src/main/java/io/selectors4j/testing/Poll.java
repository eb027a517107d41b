package io.selectors4j.testing;

import io.selectors4j.Backend;
import io.selectors4j.Interest;

/// The flags of poll(2) with their values on Linux.
final class Poll {

    static final int IN = 0x001;
    static final int PRI = 0x002;
    static final int OUT = 0x004;
    static final int ERR = 0x008;
    static final int HUP = 0x010;
    static final int NVAL = 0x020;
    static final int RDHUP = 0x2000;

    private static final int ALWAYS = ERR | HUP | NVAL;

    private Poll() {}

    /// Returns the flags that an interest requests.
    static int requested(Interest events) {
        return (events.contains(Interest.READ) ? IN | RDHUP : 0)
                | (events.contains(Interest.WRITE) ? OUT : 0)
                | (events.contains(Interest.PRIORITY) ? PRI : 0);
    }

    /// Returns the flags that a backend reports to a key.
    ///
    /// @param mask the flags of the descriptor
    static int reported(Backend backend, int mask, Interest events) {
        int requested = requested(events);
        if (backend != Backend.SELECT) {
            return mask & (requested | ALWAYS);
        }
        int sets = (mask & (IN | RDHUP | HUP | ERR)) == 0 ? 0 : IN;
        sets |= (mask & (OUT | ERR)) == 0 ? 0 : OUT;
        return ((sets | (mask & PRI)) & requested) | (mask & NVAL);
    }
}
