package io.selectors4j.architecture.bad;

/// Nobody below may use this.
public class TopSelector {}
