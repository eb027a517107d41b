package io.selectors4j.internal.ffi;

import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;

/// The native memory that a downcall captures errno into, on Windows the error of Winsock. It serves one call at a time
/// and must not be shared between threads: one thread could read the errno of another.
///
/// Every binding takes an `ErrnoCapture`. Its constructor checks the platform and native access, so no native call can
/// skip the check.
public final class ErrnoCapture {

    private static final StructLayout LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO = Layouts.offset(LAYOUT, Downcalls.CAPTURED);
    private static final ThreadLocal<ErrnoCapture> PER_THREAD = new ThreadLocal<>() {
        @Override
        protected ErrnoCapture initialValue() {
            return new ErrnoCapture();
        }
    };

    private final MemorySegment segment;

    /// Allocates the memory. The garbage collector frees it after this object.
    ///
    /// @throws UnsupportedOperationException if this library does not know the platform, or native access is not
    ///     enabled; the message says what to do
    public ErrnoCapture() {
        String cause = Platform.CURRENT.unsupportedCause();
        if (cause == null) {
            cause = NativeAccess.denial();
        }
        if (cause != null) {
            throw new UnsupportedOperationException(cause);
        }
        segment = NativeMemory.allocate(LAYOUT);
        if (Platform.IS_WINDOWS) {
            Winsock.ensureStarted(this);
        }
    }

    /// Returns the current thread's own instance, for calls that do not belong to a selector.
    public static ErrnoCapture current() {
        return PER_THREAD.get();
    }

    /// Returns the segment to pass to a method handle.
    public MemorySegment segment() {
        return segment;
    }

    /// Converts the result of the call just made into the value or `-errno`. A failed function that has left errno 0,
    /// as libkqueue does, becomes `-EIO`.
    public int valueOrErrno(int returned) {
        return returned >= 0 ? returned : -errno();
    }

    /// Converts the result of a function that returns `ssize_t`, as [#valueOrErrno(int)] does.
    public long valueOrErrno(long returned) {
        return returned >= 0 ? returned : -errno();
    }

    private int errno() {
        int errno = segment.get(ValueLayout.JAVA_INT, ERRNO);
        return errno == 0 ? Errno.EIO : errno; // -0 would be a success
    }
}
