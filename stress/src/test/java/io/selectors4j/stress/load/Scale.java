package io.selectors4j.stress.load;

import java.time.Duration;

/// How much of everything.
///
/// @param stayers how many connections stay
/// @param held how many clients read nothing
/// @param slow how many read slowly at a time
/// @param flood how many connect at once
/// @param resets how many come and reset the connection in each phase
/// @param phases how often all of it goes on and comes to rest
/// @param phase how long it goes on
/// @param idle how long nothing is to happen
record Scale(int stayers, int held, int slow, int flood, int resets, int phases, Duration phase, Duration idle) {

    private static final int SPARE = 100;

    /// How many descriptors the server may have: too few for a flood.
    int openFiles() {
        return SPARE + stayers + held + slow;
    }

    /// What is to come and go, as the arguments of a command.
    String load() {
        return load(phase, resets, held, flood);
    }

    /// The same for a shorter time, and for fewer in proportion.
    String load(Duration time, int held, int flood) {
        return load(time, (int) (resets * time.toMillis() / phase.toMillis()), held, flood);
    }

    private String load(Duration time, int resets, int held, int flood) {
        return " " + time.toMillis() + " " + resets + " " + held + " " + slow + " " + flood;
    }
}
