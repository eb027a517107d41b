package io.selectors4j.internal.selector;

import io.selectors4j.Pollable;
import java.io.IOException;

/// Learns that an object closes, or gets another open file. A selector listens to the objects that are registered with
/// it, and an [io.selectors4j.Await] to the object that it waits for.
public interface CloseListener {

    /// Called when an object is closing, by the thread that closes it. A selector unregisters the object.
    ///
    /// @param fd the object's descriptor, which is still open
    void onClosing(Pollable fileobj, int fd);

    /// Called when an object has another open file under the same number.
    ///
    /// @throws IOException if the kernel refuses to watch the new file
    void onReplaced(Pollable fileobj, int fd) throws IOException;
}
