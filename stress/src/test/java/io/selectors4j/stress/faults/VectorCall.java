package io.selectors4j.stress.faults;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Set;

/// A call that transfers several buffers of a stream.
///
/// ```c
/// struct iovec { void *iov_base; size_t iov_len; };  // 0, 8 (16)
/// struct msghdr { void *msg_name; socklen_t msg_namelen; struct iovec *msg_iov; size_t msg_iovlen; … };  // 16, 24
/// ```
final class VectorCall {

    /// The functions. Argument 0 is the memory for errno.
    static final Set<String> FUNCTIONS = Set.of("readv", "writev", "recvmsg", "sendmsg");

    private static final int ADDRESS_INDEX = 2;
    private static final int COUNT_INDEX = 3;
    private static final long IOV_LEN = 8;
    private static final long IOVEC = 16;
    private static final long MSG_IOV = 16;
    private static final long MSG_IOVLEN = 24;
    private static final long MSGHDR = 56;

    private final Object[] arguments;
    private final boolean isMessage;
    private final MemorySegment first;

    VectorCall(String name, Object[] arguments) {
        this.arguments = arguments;
        isMessage = name.endsWith("msg");
        first = memory(isMessage ? message().get(ValueLayout.JAVA_LONG, MSG_IOV) : address(), IOVEC);
    }

    private long address() {
        return (long) arguments[ADDRESS_INDEX];
    }

    @SuppressWarnings("restricted") // the structs that the library passes
    private static MemorySegment memory(long address, long size) {
        return MemorySegment.ofAddress(address).reinterpret(size);
    }

    private MemorySegment message() {
        return memory(address(), MSGHDR);
    }

    private long buffers() {
        return isMessage ? message().get(ValueLayout.JAVA_LONG, MSG_IOVLEN) : (long) arguments[COUNT_INDEX];
    }

    private void setBuffers(long count) {
        if (isMessage) {
            message().set(ValueLayout.JAVA_LONG, MSG_IOVLEN, count);
        } else {
            arguments[COUNT_INDEX] = count;
        }
    }

    /// Returns whether the call transfers more than one byte. The library passes no empty buffers.
    boolean isLong() {
        return buffers() > 1 || first.get(ValueLayout.JAVA_LONG, IOV_LEN) > 1;
    }

    /// Makes the call with the first byte of the first buffer.
    Object transferOneByte(MethodHandle real) throws Throwable {
        long count = buffers();
        long length = first.get(ValueLayout.JAVA_LONG, IOV_LEN);
        setBuffers(1);
        first.set(ValueLayout.JAVA_LONG, IOV_LEN, 1);
        try {
            return real.invoke(arguments);
        } finally {
            setBuffers(count);
            first.set(ValueLayout.JAVA_LONG, IOV_LEN, length);
        }
    }
}
