/// What stands between the bindings and the public types: time that is left, who owns a descriptor and when its number
/// is given back, and the three waits (`pselect`, `ppoll`, `epoll_pwait2`) with their retries.
package io.selectors4j.internal.sys;
