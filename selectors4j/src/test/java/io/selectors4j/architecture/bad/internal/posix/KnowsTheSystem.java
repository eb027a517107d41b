package io.selectors4j.architecture.bad.internal.posix;

import io.selectors4j.architecture.bad.Pollable;

public class KnowsTheSystem implements Pollable {}
