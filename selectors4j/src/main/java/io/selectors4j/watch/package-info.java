/// File system notification as descriptors to wait for: [io.selectors4j.watch.InotifyFd] is the kernel's interface,
/// with watches for single files and directories; [io.selectors4j.watch.InotifyTree] watches a directory with
/// everything below.
///
/// Linux only. Source: inotify(7).
package io.selectors4j.watch;
