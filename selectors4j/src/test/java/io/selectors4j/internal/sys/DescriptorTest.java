package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DescriptorTest {

    /// Opens a descriptor with a high number, which concurrent code does not get.
    private static int open(int lowest) {
        int eventfd = LinuxLibc.eventfd(ErrnoCapture.current(), 0, LinuxConstants.EFD_CLOEXEC);
        assertThat(eventfd).isNotNegative();
        int fd = Libc.dupAtLeast(eventfd, lowest);
        Libc.close(eventfd);
        return fd;
    }

    private static int open() {
        return open(700);
    }

    @Test
    void close_releasesTheNumber() {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd);
        assertThat(descriptor.fileno()).isEqualTo(fd);
        assertThat(descriptor.close()).isZero();
        assertThat(descriptor.fileno()).isEqualTo(-1);
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void secondClose_sparesReusedNumber() {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd);
        descriptor.close();
        int next = open();
        assertThat(next).isEqualTo(fd);
        assertThat(descriptor.close()).isZero();
        assertThat(Libc.isOpen(next)).isTrue();
        Libc.close(next);
    }

    @Test
    void lastUser_closesTheDescriptor() throws Exception {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd);
        assertThat(descriptor.acquire()).isEqualTo(fd);
        assertThat(descriptor.acquire()).isEqualTo(fd);
        assertThat(descriptor.close()).isZero();
        assertThat(Libc.isOpen(fd)).isTrue();
        assertThat(descriptor.release()).isZero();
        assertThat(Libc.isOpen(fd)).isTrue();
        assertThat(descriptor.release()).isZero();
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void closed_cannotBeAcquired() {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd);
        descriptor.acquire();
        assertThat(descriptor.close()).isZero();
        assertThat(descriptor.acquire()).isEqualTo(-1);
        assertThat(descriptor.fileno()).isEqualTo(-1);
        assertThat(Libc.isOpen(fd)).as("in use").isTrue();
        assertThat(descriptor.release()).isZero();
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void closeError_isReturned() {
        int fd = open();
        Libc.close(fd);
        assertThat(new Descriptor(fd).close()).isEqualTo(-Errno.EBADF);
    }

    /// Waits with a timeout, since a failed thread does not arrive.
    private static void await(CyclicBarrier round) throws Exception {
        round.await(120, TimeUnit.SECONDS);
    }

    @Test
    void manyThreads_closeOnceAfterTheLastUse() throws Exception {
        int users = 3;
        int rounds = 400;
        CyclicBarrier round = new CyclicBarrier(users + 1);
        Descriptor[] current = new Descriptor[1];
        List<Background<Integer>> threads = new ArrayList<>();
        for (int i = 0; i < users; i++) {
            threads.add(Background.start(() -> {
                int faults = 0;
                for (int r = 0; r < rounds; r++) {
                    await(round);
                    Descriptor descriptor = current[0];
                    int fd;
                    while ((fd = descriptor.acquire()) >= 0) {
                        faults += Libc.isOpen(fd) ? 0 : 1;
                        faults += descriptor.release() == 0 ? 0 : 1;
                    }
                    await(round);
                }
                return faults;
            }));
        }
        int faults = 0;
        for (int r = 0; r < rounds; r++) {
            int fd = open();
            current[0] = new Descriptor(fd);
            await(round);
            faults += current[0].close() == 0 ? 0 : 1;
            await(round);
            faults += Libc.isOpen(fd) ? 1 : 0;
        }
        assertThat(faults).as("seen by the closing thread").isZero();
        for (Background<Integer> thread : threads) {
            assertThat(thread.result()).as("seen by a using thread").isZero();
        }
    }
}
