package io.selectors4j.architecture.bad;

/// A value that all may use.
public interface Pollable {}
