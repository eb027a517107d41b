package io.selectors4j.watch;

import java.nio.file.Path;

/// What has happened to a file or directory in an [InotifyTree].
///
/// @param path where it is: the root as it was given, resolved with what is below; exact also where the bytes of a name are
///     no characters. It is the path at the time of the event, as far as known then
/// @param mask what has happened: IN_* flags of [InotifyFd], with [InotifyFd#IN_ISDIR] if it has happened to a directory
/// @param cookie for [InotifyFd#IN_MOVED_FROM] and [InotifyFd#IN_MOVED_TO], what the two of one rename share; otherwise 0
public record TreeEvent(Path path, int mask, int cookie) {

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
        return "TreeEvent[path=" + path + ", mask=" + Inotify.toString(mask) + ", cookie=" + cookie + "]";
    }
}
