package io.selectors4j.architecture.bad.internal.ffi;

import io.selectors4j.architecture.bad.internal.posix.KnowsTheSystem;

public class KnowsPosix {

    final KnowsTheSystem above = new KnowsTheSystem();
}
