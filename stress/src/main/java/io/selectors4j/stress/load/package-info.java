/// The load of the soak: [io.selectors4j.stress.load.Generator], a process full of clients of an echo server. They stay, come and go, vanish, read
/// slowly or never; and look at each byte that comes back.
package io.selectors4j.stress.load;
