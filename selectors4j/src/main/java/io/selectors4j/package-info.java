/// Selectors: wait for I/O on many descriptors at once. This is Python's module `selectors`.
///
/// [Selector#open] returns the best selector of this system. [EpollSelector], [KqueueSelector], [AfdSelector],
/// [PollSelector] and [SelectSelector] are the backends. [Selector] documents the contract that all of them keep.
///
/// A program registers an object with a descriptor, a [Pollable], and the [Interest] to wait for. A select returns the
/// keys of the objects that are ready, each with its [Readiness]. [Await] waits for a single object without a selector.
///
/// ```java
/// try (Selector<String> selector = Selector.open();
///         SocketFd server = SocketFd.createServer(new InetSocketAddress("localhost", 8080))) {
///     server.setBlocking(false);
///     selector.register(server, Interest.READ, "server");
///     for (ReadyKey<String> ready : selector.select(Duration.ofSeconds(10))) {
///         IO.println(ready.data() + " is ready: " + ready.readiness());
///     }
/// }
/// ```
package io.selectors4j;
