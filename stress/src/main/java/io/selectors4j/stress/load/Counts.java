package io.selectors4j.stress.load;

/// What the clients of a process have done so far. Prints as `NAME=VALUE` between blanks.
final class Counts {

    /// Connections that came about.
    long connections;

    /// Messages that were begun.
    long messages;

    /// Messages that are back, each byte of them.
    long echoed;

    /// Bytes that came back and were right.
    long bytes;

    /// Connections that were closed with a reset.
    long resets;

    /// Connections that both sides have ended, with everything echoed.
    long ends;

    /// Connects that were refused.
    long refused;

    /// Connections that the server has ended because it ended itself.
    long cut;

    /// How many times a client has sent or received something, or connected.
    long moves;

    @Override
    public String toString() {
        return "connections=" + connections + " messages=" + messages + " echoed=" + echoed + " bytes=" + bytes
                + " resets=" + resets + " ends=" + ends + " refused=" + refused + " cut=" + cut + " moves=" + moves;
    }
}
