package io.selectors4j.internal.sys;

import io.selectors4j.internal.windows.AfdPolls;

/// Converts between POLL* flags of [PollFlags] and the AFD_POLL_* flags of AFD.
///
/// | requested | AFD_POLL_* |
/// |---|---|
/// | POLLIN or POLLRDHUP | RECEIVE, ACCEPT, DISCONNECT |
/// | POLLOUT | SEND |
/// | POLLPRI | RECEIVE_EXPEDITED |
/// | always | ABORT, CONNECT_FAIL, LOCAL_CLOSE |
///
/// | reported AFD_POLL_* | POLL* |
/// |---|---|
/// | RECEIVE, ACCEPT | IN |
/// | DISCONNECT | IN, RDHUP |
/// | SEND | OUT |
/// | RECEIVE_EXPEDITED | PRI |
/// | ABORT | IN, ERR, HUP |
/// | CONNECT_FAIL | OUT, ERR, HUP |
/// | LOCAL_CLOSE | NVAL |
final class AfdFlags {

    private static final int ALWAYS =
            AfdPolls.AFD_POLL_ABORT | AfdPolls.AFD_POLL_CONNECT_FAIL | AfdPolls.AFD_POLL_LOCAL_CLOSE;

    private AfdFlags() {}

    /// Returns the AFD_POLL_* flags to request for POLL* flags.
    static int toAfd(int flags) {
        int events = ALWAYS;
        if ((flags & (PollFlags.POLLIN | PollFlags.POLLRDHUP)) != 0) {
            events |= AfdPolls.AFD_POLL_RECEIVE | AfdPolls.AFD_POLL_ACCEPT | AfdPolls.AFD_POLL_DISCONNECT;
        }
        if ((flags & PollFlags.POLLOUT) != 0) {
            events |= AfdPolls.AFD_POLL_SEND;
        }
        if ((flags & PollFlags.POLLPRI) != 0) {
            events |= AfdPolls.AFD_POLL_RECEIVE_EXPEDITED;
        }
        return events;
    }

    /// Returns the POLL* flags for AFD_POLL_* flags that AFD has reported.
    static int toPoll(int events) {
        int flags = 0;
        if ((events & (AfdPolls.AFD_POLL_RECEIVE | AfdPolls.AFD_POLL_ACCEPT)) != 0) {
            flags |= PollFlags.POLLIN;
        }
        if ((events & AfdPolls.AFD_POLL_DISCONNECT) != 0) {
            flags |= PollFlags.POLLIN | PollFlags.POLLRDHUP;
        }
        if ((events & AfdPolls.AFD_POLL_SEND) != 0) {
            flags |= PollFlags.POLLOUT;
        }
        if ((events & AfdPolls.AFD_POLL_RECEIVE_EXPEDITED) != 0) {
            flags |= PollFlags.POLLPRI;
        }
        if ((events & AfdPolls.AFD_POLL_ABORT) != 0) {
            flags |= PollFlags.POLLIN | PollFlags.POLLERR | PollFlags.POLLHUP;
        }
        if ((events & AfdPolls.AFD_POLL_CONNECT_FAIL) != 0) {
            flags |= PollFlags.POLLOUT | PollFlags.POLLERR | PollFlags.POLLHUP;
        }
        if ((events & AfdPolls.AFD_POLL_LOCAL_CLOSE) != 0) {
            flags |= PollFlags.POLLNVAL;
        }
        return flags;
    }
}
