package io.selectors4j.internal.sys;

/// The names of the flags of `poll` and epoll, which have the same numbers: asm-generic/poll.h, linux/eventpoll.h.
public final class PollFlags {

    private static final String[] NAMES = {
        "IN", "PRI", "OUT", "ERR", "HUP", "NVAL", "RDNORM", "RDBAND", "WRNORM", "WRBAND", "MSG"
    };
    private static final int RDHUP = 0x2000;

    private PollFlags() {}

    /// Names flags.
    ///
    /// @param prefix `POLL` or `EPOLL`
    /// @param flags the flags
    /// @return their names joined by `|`, and what has no name as a number; `0` for none
    public static String toString(String prefix, int flags) {
        StringBuilder text = new StringBuilder();
        int left = flags;
        for (int bit = 0; bit < NAMES.length; bit++) {
            if ((flags & (1 << bit)) != 0) {
                text.append('|').append(prefix).append(NAMES[bit]);
                left &= ~(1 << bit);
            }
        }
        if ((flags & RDHUP) != 0) {
            text.append('|').append(prefix).append("RDHUP");
            left &= ~RDHUP;
        }
        if (left != 0) {
            text.append("|0x").append(Integer.toHexString(left));
        }
        return text.isEmpty() ? "0" : text.substring(1);
    }
}
