package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.PipeFd;
import io.selectors4j.internal.bsd.KeventArray;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.testing.ScriptedKqueue;
import io.selectors4j.testing.ScriptedKqueue.Call;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The results of changes, read from receipts. libkqueue before 2.5.0 returns 0, and its receipts lack EV_ERROR.
@ParameterizedClass
@EnumSource(
        value = KqueueSystem.class,
        names = {"LIBKQUEUE", "MACOS", "NETBSD"})
class KqueueInstanceTest {

    private static final long TOKEN = 7;

    private final KqueueSystem system;
    private final ScriptedKqueue kernel;
    private final PipeFd.Pipe pipe = PipeFd.open();
    private final KqueueInstance kqueue;
    private final int fd = pipe.writer().fileno();

    KqueueInstanceTest(KqueueSystem system) throws IOException {
        this.system = system;
        kernel = new ScriptedKqueue(system);
        kqueue = new KqueueInstance(kernel.libc(), Fcntl.duplicate(fd));
    }

    @AfterEach
    void close() throws IOException {
        kqueue.close();
        pipe.reader().close();
        pipe.writer().close();
    }

    @Test
    void zeroReceipt_isSuccess() {
        kernel.addReceipts(0, 0);
        assertThat(kqueue.change(fd, 0, KqueueInstance.READ | KqueueInstance.WRITE, 0, TOKEN))
                .isZero();
        assertThat(kernel.calls()).extracting(Call::changes).containsExactly(2L);
    }

    @Test
    void refusedAdd_fails() {
        kernel.addReceipts(Errno.EPERM);
        assertThat(kqueue.change(fd, 0, KqueueInstance.READ, 0, TOKEN)).isEqualTo(-Errno.EPERM);
        assertThat(kernel.calls()).hasSize(1);
    }

    @Test
    void secondFilterRefused_removesTheFirst() {
        kernel.addReceipts(0, Errno.EPERM);
        kernel.addReceipts(0);
        assertThat(kqueue.change(fd, 0, KqueueInstance.READ | KqueueInstance.WRITE, 0, TOKEN))
                .isEqualTo(-Errno.EPERM);
        assertThat(kernel.calls()).extracting(Call::changes).containsExactly(2L, 1L);
    }

    @Test
    void refusedDelete_fails() {
        kernel.addReceipts(Errno.ENOENT, 0);
        assertThat(kqueue.change(fd, KqueueInstance.READ, KqueueInstance.READ, 0, TOKEN))
                .isEqualTo(-Errno.ENOENT);
    }

    @Test
    void refusedUserEvent_fails() {
        kernel.addReceipts(Errno.ENOMEM);
        kernel.addReceipts(Errno.ENOENT);
        assertThat(kqueue.addUser(1, TOKEN)).isEqualTo(-Errno.ENOMEM);
        assertThat(kqueue.trigger(1)).isEqualTo(-Errno.ENOENT);
    }

    @Test
    void kernelEventInsteadOfReceipt_isNoError() {
        kernel.addEvent(5);
        int result = kqueue.change(fd, 0, KqueueInstance.READ, 0, TOKEN);
        assertThat(result).isEqualTo(system.isLibkqueue() ? -5 : 0);
    }

    @Test
    void repeatedAddWithoutErrno_isNoEmptyWait() {
        kernel.addFailureWithoutErrno();
        KeventArray events = new KeventArray(system, 1);
        assertThat(kqueue.await(new KqueueWait(), events, 1, events, 1, Deadline.FOREVER))
                .isEqualTo(-Errno.EIO);
        assertThat(kernel.calls()).hasSize(1);
    }

    @Test
    void failureWithoutErrno_isEio() {
        kernel.addFailureWithoutErrno();
        assertThat(kqueue.change(fd, 0, KqueueInstance.READ, 0, TOKEN)).isEqualTo(-Errno.EIO);
    }
}
