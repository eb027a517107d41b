package io.selectors4j.architecture.bad.os;

import io.selectors4j.architecture.bad.internal.ffi.Memory;
import java.util.function.Consumer;

public abstract class ImplementsInternalGenerically implements Consumer<Memory> {}
