package io.selectors4j.stress.load;

/// Counts of the events that the clients of a process have seen so far. Prints as `NAME=VALUE` pairs with blanks
/// between them.
final class Counts {

    /// Established connections.
    long connections;

    /// Messages of which at least the first byte was queued.
    long messages;

    /// Messages of which every byte has been echoed.
    long echoed;

    /// Echoed bytes, all of them correct.
    long bytes;

    /// Connections that a client has reset.
    long resets;

    /// Connections that both sides have closed after everything was echoed.
    long completed;

    /// Refused connects.
    long refused;

    /// Connections that ended because the server process ended.
    long aborted;

    /// Sends, receives and connects that made progress.
    long operations;

    @Override
    public String toString() {
        return "connections=" + connections + " messages=" + messages + " echoed=" + echoed + " bytes=" + bytes
                + " resets=" + resets + " completed=" + completed + " refused=" + refused + " aborted=" + aborted
                + " operations=" + operations;
    }
}
