package io.selectors4j.internal.ffi;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The memory that errno is captured into. It belongs to its caller and serves one call at a time: with a segment
/// shared between threads, one would read the errno of another.
///
/// To have one is to be allowed native calls on a known platform, since every binding asks for one.
public final class ErrnoCapture {

    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = Layouts.offset(LAYOUT, "errno");
    private static final ThreadLocal<ErrnoCapture> OF_THREAD = new ThreadLocal<>() {
        @Override
        protected ErrnoCapture initialValue() {
            return new ErrnoCapture();
        }
    };

    private final MemorySegment segment;

    /// Allocates the memory, which is freed with this object.
    ///
    /// @throws UnsupportedOperationException if this library does not know the platform, or native access is not enabled;
    ///     the message says what to do
    public ErrnoCapture() {
        String cause = Platform.CURRENT.unsupportedCause();
        if (cause == null) {
            cause = NativeAccess.denial();
        }
        if (cause != null) {
            throw new UnsupportedOperationException(cause);
        }
        segment = NativeMemory.allocate(LAYOUT);
    }

    /// The state of the current thread, for calls that belong to no selector.
    ///
    /// @return the current thread's own state
    public static ErrnoCapture current() {
        return OF_THREAD.get();
    }

    /// The memory to hand to a method handle.
    ///
    /// @return the segment
    public MemorySegment segment() {
        return segment;
    }

    /// Converts the result of a C function into the value or `-errno`.
    ///
    /// @param returned the result of the call just made; negative after a failure
    /// @return the value, or the negated errno; `-EIO` if the function has failed without setting errno, which libkqueue does
    public int valueOrErrno(int returned) {
        return returned >= 0 ? returned : -errno();
    }

    /// Converts the result of a C function that returns `ssize_t`, like [#valueOrErrno(int)].
    public long valueOrErrno(long returned) {
        return returned >= 0 ? returned : -errno();
    }

    private int errno() {
        int errno = segment.get(ValueLayout.JAVA_INT, ERRNO);
        return errno == 0 ? Errno.EIO : errno; // -0 would be a success
    }
}
