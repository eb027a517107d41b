package io.selectors4j.internal.simulation;

import io.selectors4j.NativeIOException;
import io.selectors4j.Pollable;
import io.selectors4j.Selector;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.selector.CloseListeners;
import io.selectors4j.internal.sys.Descriptors;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The functions of the library that a simulation calls.
public final class Simulations {

    /// The class of the selectors, which is package-private. Its initializer calls [#setFactory].
    private static final String SELECTOR = Selector.class.getPackageName() + ".SimulatedSelector";

    private static volatile @Nullable Factory factory;

    /// Opens simulated selectors.
    public interface Factory {

        /// Opens a selector.
        ///
        /// @param <A> type of the data attached to the keys
        <A extends @Nullable Object> Selector<A> open(SimulatedKernelSet kernel);
    }

    private Simulations() {}

    /// Called once by the testing module.
    ///
    /// @param handles returns the handle of a simulated descriptor, and null for any other object
    public static void install(Function<Pollable, @Nullable SimulatedHandle> handles) {
        CloseListeners.addAccessor(fileobj -> {
            SimulatedHandle handle = handles.apply(fileobj);
            return handle == null ? null : handle.listeners;
        });
        Descriptors.setSimulated(fileobj -> handles.apply(fileobj) != null);
    }

    /// Called by the class of the selectors when it is initialized.
    public static void setFactory(Factory selectors) {
        factory = selectors;
    }

    /// Opens a selector on a simulated kernel.
    ///
    /// @param <A> type of the data attached to the keys
    public static <A extends @Nullable Object> Selector<A> open(SimulatedKernelSet kernel) {
        if (factory == null) {
            try {
                Class.forName(SELECTOR);
            } catch (ClassNotFoundException e) {
                throw new LinkageError(SELECTOR, e);
            }
        }
        return Objects.requireNonNull(factory).open(kernel);
    }

    /// Returns whether the number of an object is one of the system: the library knows its class.
    public static boolean isOfSystem(Pollable fileobj) {
        return !Descriptors.isSimulated(fileobj) && CloseListeners.of(fileobj) != null;
    }

    /// Returns a new exception with the number that an error has on this system.
    ///
    /// @param errno the symbol, such as `EMFILE`
    public static NativeIOException failure(String call, String errno) {
        return new NativeIOException(call, requireErrno(errno));
    }

    /// Returns the number of an error on this system.
    ///
    /// @throws IllegalArgumentException if this system has no such error
    public static int requireErrno(String errno) {
        return Errno.number(errno);
    }
}
