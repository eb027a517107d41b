/// What selectors and descriptors share: the [io.selectors4j.internal.selector.CloseListeners] of an object, and the
/// [io.selectors4j.internal.selector.Poller], which waits for parked threads.
package io.selectors4j.internal.selector;
