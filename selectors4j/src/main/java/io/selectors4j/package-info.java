/// The portable selectors, as in Python's module `selectors`: register any object with a descriptor, wait, get back what
/// is ready.
///
/// [Selector#open] gives the best selector of this system; [EpollSelector], [KqueueSelector], [PollSelector] and
/// [SelectSelector] name one.
/// All keep the same contract, which stands in [Selector].
package io.selectors4j;
