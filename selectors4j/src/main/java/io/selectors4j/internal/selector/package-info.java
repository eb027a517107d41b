/// What the selectors of all backends share: the table of registrations, the batch being handed out, how a waiting
/// selector is woken, and how a descriptor that closes leaves its selectors.
package io.selectors4j.internal.selector;
