package io.selectors4j.stress.load;

import java.time.Duration;

/// The amount of load.
///
/// @param longLived the number of long-lived connections
/// @param neverReaders the number of clients that read nothing
/// @param slow the number of clients that read slowly at a time
/// @param flood the number of simultaneous connects in each flood
/// @param resets the number of short-lived connections that are reset in each phase
/// @param phases the number of phases of load, each followed by a check at rest
/// @param phase the duration of a phase
/// @param idle the duration of an idle check
record LoadScale(
        int longLived, int neverReaders, int slow, int flood, int resets, int phases, Duration phase, Duration idle) {

    private static final int SPARE = 100;

    /// Returns the server's limit of open descriptors: too few for a flood.
    int maxOpenFiles() {
        return SPARE + longLived + neverReaders + slow;
    }

    /// Returns the arguments of the `load` command for one phase.
    String load() {
        return load(phase, resets, neverReaders, flood);
    }

    /// Returns the arguments of the `load` command for a shorter time, with proportionally fewer resets.
    String load(Duration time, int neverReaders, int flood) {
        return load(time, (int) (resets * time.toMillis() / phase.toMillis()), neverReaders, flood);
    }

    private String load(Duration time, int resets, int neverReaders, int flood) {
        return " " + time.toMillis() + " " + resets + " " + neverReaders + " " + slow + " " + flood;
    }
}
