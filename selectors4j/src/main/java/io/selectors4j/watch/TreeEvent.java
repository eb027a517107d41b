package io.selectors4j.watch;

import java.nio.file.Path;

/// An event of an [InotifyTree], about a file or directory in the tree.
///
/// Source: inotify(7).
///
/// @param path the path at the time of the event, as far as it is known: the root as given to [InotifyTree#open],
///     resolved with the path below it. It leads to the file even if the encoding of file names cannot represent its
///     name
/// @param mask the event: IN_* flags of [InotifyFd], with [InotifyFd#IN_ISDIR] if the subject is a directory
/// @param cookie a number shared by the [InotifyFd#IN_MOVED_FROM] and [InotifyFd#IN_MOVED_TO] of one rename; otherwise
///     0
public record TreeEvent(Path path, int mask, int cookie) {

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
        return "TreeEvent[path=" + path + ", mask=" + Inotify.toString(mask) + ", cookie=" + cookie + "]";
    }
}
