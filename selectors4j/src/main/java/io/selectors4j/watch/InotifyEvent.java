package io.selectors4j.watch;

/// An event of an [InotifyFd], about a watched object or about an entry of a watched directory: `struct inotify_event`.
///
/// Source: inotify(7).
///
/// @param wd the watch, as returned by [InotifyFd#addWatch]; -1 for [InotifyFd#IN_Q_OVERFLOW]
/// @param mask the event: IN_* flags, with [InotifyFd#IN_ISDIR] if the subject is a directory
/// @param cookie a number shared by the [InotifyFd#IN_MOVED_FROM] and [InotifyFd#IN_MOVED_TO] of one rename; otherwise
///     0
/// @param name the name of the entry in the watched directory; empty for the watched object itself. Bytes that the
///     encoding of file names cannot represent are replaced by U+FFFD; a name with one does not lead to the file
public record InotifyEvent(int wd, int mask, int cookie, String name) {

    /// Returns whether all given flags are set.
    ///
    /// @param flags IN_* flags
    /// @return true if all are set
    public boolean has(int flags) {
        return (mask & flags) == flags;
    }

    /// Returns the components, with the mask as names of flags.
    @Override
    public String toString() {
        return "InotifyEvent[wd=" + wd + ", mask=" + Inotify.toString(mask) + ", cookie=" + cookie + ", name=" + name
                + "]";
    }
}
