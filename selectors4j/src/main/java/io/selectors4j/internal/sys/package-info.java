/// The layer between the bindings and the public types: timeouts, ownership and use counts of descriptors, and the
/// waits (`pselect`, `ppoll`, `epoll_pwait2`, `kevent`) with their retries.
package io.selectors4j.internal.sys;
