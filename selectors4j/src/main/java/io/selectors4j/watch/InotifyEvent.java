package io.selectors4j.watch;

/// What inotify has to say of one watched object, or of one file in a watched directory.
///
/// @param wd the watch, as [InotifyFd#addWatch] has returned it; -1 for [InotifyFd#IN_Q_OVERFLOW]
/// @param mask what has happened: IN_* flags, with [InotifyFd#IN_ISDIR] if it has happened to a directory
/// @param cookie for [InotifyFd#IN_MOVED_FROM] and [InotifyFd#IN_MOVED_TO], what the two of one rename share; otherwise 0
/// @param name the name of the file in the watched directory; empty for the watched object itself. Bytes that are no
///     characters in the encoding of the file system are U+FFFD here, and such a name leads to no file
public record InotifyEvent(int wd, int mask, int cookie, String name) {

    /// Whether all of some flags are set.
    ///
    /// @param flags IN_* flags
    /// @return whether all of them are set
    public boolean has(int flags) {
        return (mask & flags) == flags;
    }

    /// The parts, with the names of the flags.
    @Override
    public String toString() {
        return "InotifyEvent[wd=" + wd + ", mask=" + Inotify.toString(mask) + ", cookie=" + cookie + ", name=" + name
                + "]";
    }
}
