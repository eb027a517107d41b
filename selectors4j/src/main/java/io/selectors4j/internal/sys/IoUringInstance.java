package io.selectors4j.internal.sys;

import io.selectors4j.NativeIOException;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.ffi.Memory;
import io.selectors4j.internal.linux.IoUringCalls;
import io.selectors4j.internal.linux.IoUringConstants;
import io.selectors4j.internal.linux.IoUringParams;
import io.selectors4j.internal.linux.IoUringProbe;
import io.selectors4j.internal.linux.IoUringRings;
import io.selectors4j.internal.linux.IoUringWaitArgument;
import io.selectors4j.internal.posix.PosixLibc;
import org.jspecify.annotations.Nullable;

/// An io_uring instance with its queues, and the system calls on it. The owner serializes the calls, except those that
/// say otherwise, and does not close the instance during a call.
public final class IoUringInstance {

    /// The features that this library needs; Linux 5.11 has them all.
    private static final int[] REQUIRED = {
        IoUringConstants.IORING_FEAT_SINGLE_MMAP,
        IoUringConstants.IORING_FEAT_NODROP,
        IoUringConstants.IORING_FEAT_SUBMIT_STABLE,
        IoUringConstants.IORING_FEAT_EXT_ARG
    };

    private static final String[] REQUIRED_NAMES = {
        "IORING_FEAT_SINGLE_MMAP", "IORING_FEAT_NODROP", "IORING_FEAT_SUBMIT_STABLE", "IORING_FEAT_EXT_ARG"
    };

    private static final int ETIME = Errno.number("ETIME");
    private static final int FLAGS_BEFORE_5_18 = IoUringConstants.IORING_SETUP_CQSIZE;
    private static final int FLAGS = FLAGS_BEFORE_5_18 | IoUringConstants.IORING_SETUP_SUBMIT_ALL;
    private static final int FLAGS_COOPERATIVE = FLAGS | IoUringConstants.IORING_SETUP_COOP_TASKRUN;
    private static final int FLAGS_SINGLE = FLAGS
            | IoUringConstants.IORING_SETUP_R_DISABLED
            | IoUringConstants.IORING_SETUP_SINGLE_ISSUER
            | IoUringConstants.IORING_SETUP_DEFER_TASKRUN;

    private final int fd;
    private final int features;
    private final boolean forOneThread;
    private final int lastOperation;
    private final IoUringRings rings;
    private final ErrnoCapture state;

    private IoUringInstance(
            ErrnoCapture state, int fd, int features, boolean forOneThread, int lastOperation, IoUringRings rings) {
        this.state = state;
        this.fd = fd;
        this.features = features;
        this.forOneThread = forOneThread;
        this.lastOperation = lastOperation;
        this.rings = rings;
    }

    /// Creates an instance, which is close-on-exec.
    ///
    /// @param entries the number of entries of the submission queue, which the kernel rounds up to a power of two
    /// @param cqEntries the number of entries of the completion queue, which the kernel rounds up too
    /// @throws NativeIOException EMFILE or ENFILE at a limit of open files, ENOMEM
    /// @throws UnsupportedOperationException if the kernel is too old, or the system does not let this process use
    ///     io_uring; the message says which
    public static IoUringInstance create(int entries, int cqEntries) throws NativeIOException {
        return create(entries, cqEntries, FLAGS, FLAGS_BEFORE_5_18);
    }

    /// Creates an instance whose completions do not interrupt a thread that submitted their requests: it completes them
    /// when it next enters the kernel. Otherwise as [#create]. Linux 5.19.
    public static IoUringInstance createCooperative(int entries, int cqEntries) throws NativeIOException {
        return create(entries, cqEntries, FLAGS_COOPERATIVE);
    }

    /// Creates an instance that only one thread may enter: the one that calls [#enable]. Requests complete only while
    /// that thread waits for completions or asks for them. If the kernel is older than 6.1, as [#createCooperative].
    public static IoUringInstance createForOneThread(int entries, int cqEntries) throws NativeIOException {
        return create(entries, cqEntries, FLAGS_SINGLE, FLAGS_COOPERATIVE);
    }

    /// Creates an instance with the first flags that the kernel knows.
    private static IoUringInstance create(int entries, int cqEntries, int... flags) throws NativeIOException {
        ErrnoCapture state = new ErrnoCapture();
        IoUringParams params = new IoUringParams(cqEntries, flags[0]);
        int fd = IoUringCalls.setup(state, entries, params);
        for (int i = 1; i < flags.length && fd == -Errno.EINVAL; i++) {
            params = new IoUringParams(cqEntries, flags[i]);
            fd = IoUringCalls.setup(state, entries, params);
        }
        if (fd < 0) {
            throw refusal(new NativeIOException("io_uring_setup(" + entries + ", cq_entries=" + cqEntries + ")", -fd));
        }
        try {
            int features = params.get("features");
            requireFeatures(features);
            int lastOperation = lastOperation(state, fd);
            int[] errno = new int[1];
            IoUringRings rings = IoUringRings.map(state, fd, params, errno);
            if (rings == null) {
                throw new NativeIOException("mmap(fd=" + fd + ")", -errno[0]);
            }
            boolean disabled = (params.get("flags") & IoUringConstants.IORING_SETUP_R_DISABLED) != 0;
            return new IoUringInstance(state, fd, features, disabled, lastOperation, rings);
        } catch (Throwable t) {
            PosixLibc.close(state, fd);
            throw t;
        }
    }

    private static void requireFeatures(int features) {
        for (int i = 0; i < REQUIRED.length; i++) {
            if ((features & REQUIRED[i]) == 0) {
                throw new UnsupportedOperationException("the kernel's io_uring has no " + REQUIRED_NAMES[i]
                        + ", and this library needs the features of Linux 5.11");
            }
        }
    }

    /// Returns the exception of a failure, or throws another one if the system refuses io_uring.
    private static NativeIOException refusal(NativeIOException failure) {
        if (failure.errno() != Errno.ENOSYS && failure.errno() != Errno.EPERM) {
            return failure;
        }
        throw new UnsupportedOperationException(
                "io_uring is not available: " + failure.getMessage()
                        + ", so the kernel is older than 5.1, its setting kernel.io_uring_disabled is not 0, or a"
                        + " seccomp filter of the container refuses the system call",
                failure);
    }

    /// Returns the number of the last operation that the kernel knows.
    private static int lastOperation(ErrnoCapture state, int fd) throws NativeIOException {
        IoUringProbe probe = new IoUringProbe();
        int result = IoUringCalls.register(state, fd, IoUringConstants.IORING_REGISTER_PROBE, probe, 0);
        if (result < 0) {
            throw new NativeIOException("io_uring_register(fd=" + fd + ", IORING_REGISTER_PROBE)", -result);
        }
        return probe.lastOp();
    }

    /// Returns the descriptor.
    public int fileno() {
        return fd;
    }

    /// Returns whether only one thread may enter the instance.
    public boolean isForOneThread() {
        return forOneThread;
    }

    /// Makes the calling thread the one that may enter the instance.
    ///
    /// @return 0 or `-errno`
    public int enable() {
        return IoUringCalls.register(state, fd, IoUringConstants.IORING_REGISTER_ENABLE_RINGS, null, 0);
    }

    /// Returns whether the kernel has a feature.
    ///
    /// @param feature one of IORING_FEAT_*
    public boolean hasFeature(int feature) {
        return (features & feature) != 0;
    }

    /// Returns whether the kernel has an operation.
    ///
    /// @param opcode one of IORING_OP_*
    public boolean hasOperation(int opcode) {
        return opcode <= lastOperation;
    }

    /// Returns the queues.
    public IoUringRings rings() {
        return rings;
    }

    /// Submits entries without waiting: `io_uring_enter`.
    ///
    /// @param count the number of published entries
    /// @return the number of entries that the kernel has consumed, or `-errno`
    public int submit(int count) {
        int result;
        do {
            result = IoUringCalls.enter(state, fd, count, 0, 0, null);
        } while (result == -Errno.EINTR);
        return result;
    }

    /// Submits entries and waits until the completion queue has an entry, or the timeout is over: `io_uring_enter`.
    /// Also moves completions to the queue that had no room before. A signal does not end the wait. Several threads may
    /// wait at once, each with a [Wait] of its own. A virtual thread submits on its carrier and waits on a helper
    /// thread, because the kernel cancels the requests of a thread that ends.
    ///
    /// @param count the number of published entries to submit, or 0
    /// @param nanos the longest wait, or [Deadline#FOREVER]; 0 not to wait
    /// @return the number of entries that the kernel has consumed; if there was none to submit, 0, also after the
    ///     timeout; or `-errno`
    public int submitAndWait(Wait wait, int count, long nanos) {
        if (!BlockingCalls.isNeeded(nanos)) {
            return submitAndWaitOnThisThread(wait, count, nanos);
        }
        if (count > 0) {
            int result = submitAndWaitOnThisThread(wait, count, 0);
            if (result < 0 || rings.available() > 0) {
                return result;
            }
        }
        return BlockingCalls.call(() -> submitAndWaitOnThisThread(wait, 0, nanos));
    }

    private int submitAndWaitOnThisThread(Wait wait, int count, long nanos) {
        long start = Deadline.start(nanos);
        long left = nanos;
        while (true) {
            boolean timed = left != 0 && left != Deadline.FOREVER;
            int flags = IoUringConstants.IORING_ENTER_GETEVENTS | (timed ? IoUringConstants.IORING_ENTER_EXT_ARG : 0);
            int result = IoUringCalls.enter(
                    wait.state, fd, count, left == 0 ? 0 : 1, flags, timed ? wait.argument.set(left) : null);
            if (result != -Errno.EINTR) {
                return result == -ETIME ? 0 : result;
            }
            left = Deadline.remaining(nanos, start);
        }
    }

    /// Makes a call of `io_uring_register`, and returns its result or `-errno`. Any thread may call this method at any
    /// time. Some of the calls wait for requests.
    public int register(int opcode, @Nullable Memory argument, int count) {
        return IoUringCalls.register(ErrnoCapture.current(), fd, opcode, argument, count);
    }

    /// Unmaps the queues and closes the descriptor.
    public void close() {
        rings.close();
        PosixLibc.close(state, fd);
    }

    /// The memory of one thread's wait.
    public static final class Wait {
        private final ErrnoCapture state = new ErrnoCapture();
        private final IoUringWaitArgument argument = new IoUringWaitArgument();
    }
}
