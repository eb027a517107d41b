package io.selectors4j.architecture.bad;

/// A type that no package below may use.
public class TopSelector {}
