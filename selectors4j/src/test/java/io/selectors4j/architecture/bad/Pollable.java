package io.selectors4j.architecture.bad;

/// A value that all packages may use.
public interface Pollable {}
