package io.selectors4j.internal.sys;

/// The flags of `poll` and epoll, which have the same numbers: asm-generic/poll.h, linux/eventpoll.h. What other systems say
/// in other ways is put in these.
public final class PollFlags {

    /// There is something to read.
    public static final int POLLIN = 0x001;

    /// There is urgent data.
    public static final int POLLPRI = 0x002;

    /// There is room to write.
    public static final int POLLOUT = 0x004;

    /// There is an error.
    public static final int POLLERR = 0x008;

    /// The other end hung up.
    public static final int POLLHUP = 0x010;

    /// The descriptor is not open.
    public static final int POLLNVAL = 0x020;

    /// The other end will send nothing more.
    public static final int POLLRDHUP = 0x2000;

    private static final String[] NAMES = {
        "IN", "PRI", "OUT", "ERR", "HUP", "NVAL", "RDNORM", "RDBAND", "WRNORM", "WRBAND", "MSG"
    };

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
        if ((flags & POLLRDHUP) != 0) {
            text.append('|').append(prefix).append("RDHUP");
            left &= ~POLLRDHUP;
        }
        if (left != 0) {
            text.append("|0x").append(Integer.toHexString(left));
        }
        return text.isEmpty() ? "0" : text.substring(1);
    }
}
