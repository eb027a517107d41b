package io.selectors4j;

/// The selectors of this process, for JMX; see [Selectors#registerMXBean].
public interface SelectorsMXBean {

    /// Returns the number of open selectors that have or had a key.
    ///
    /// @return the number of selectors
    int getOpenSelectors();

    /// Returns the number of registered keys of all open selectors.
    ///
    /// @return the number of keys
    int getKeys();

    /// Returns the sums of the counters of all selectors, also of closed ones.
    ///
    /// @return the sums
    SelectorCounters getCounters();

    /// Returns the text of [Selectors#dumpAll].
    ///
    /// @return the text
    String dumpAll();
}
