package io.selectors4j.testing;

/// A condition that a [ScriptedDescriptor] reports: one method of [io.selectors4j.Readiness].
public enum Condition {
    /// There is something to read: POLLIN.
    READABLE(Poll.IN),
    /// There is room to write: POLLOUT.
    WRITABLE(Poll.OUT),
    /// There is urgent data: POLLPRI.
    PRIORITY(Poll.PRI),
    /// The peer has stopped sending: POLLRDHUP. A key with [io.selectors4j.Interest#READ] gets it.
    READ_CLOSED(Poll.RDHUP),
    /// The connection has ended: POLLHUP. Every key gets it.
    HANGUP(Poll.HUP),
    /// There is an error: POLLERR. Every key gets it.
    ERROR(Poll.ERR);

    /// The flag of poll(2).
    final int mask;

    Condition(int mask) {
        this.mask = mask;
    }
}
