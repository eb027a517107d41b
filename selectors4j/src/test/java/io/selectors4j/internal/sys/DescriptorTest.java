package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.internal.ffi.CallState;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.linux.LinuxLibc;
import io.selectors4j.internal.linux.LinuxNumbers;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DescriptorTest {

    /// A fresh descriptor, out of the way of the numbers that others get in the meantime.
    private static int open(int lowest) {
        int eventfd = LinuxLibc.eventfd(CallState.current(), 0, LinuxNumbers.EFD_CLOEXEC);
        assertThat(eventfd).isNotNegative();
        int fd = Libc.dupAtLeast(eventfd, lowest);
        Libc.close(eventfd);
        return fd;
    }

    private static int open() {
        return open(700);
    }

    @Test
    void closingGivesTheNumberBack() {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd, true);
        assertThat(descriptor.isOpen()).isTrue();
        assertThat(descriptor.isOwned()).isTrue();
        assertThat(descriptor.fileno()).isEqualTo(fd);
        assertThat(descriptor.close()).isZero();
        assertThat(descriptor.isOpen()).isFalse();
        assertThat(descriptor.fileno()).isEqualTo(-1);
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void closingAgainDoesNotTouchTheNextOwnerOfTheNumber() {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd, true);
        descriptor.close();
        int next = open();
        assertThat(next).isEqualTo(fd);
        assertThat(descriptor.close()).isZero();
        assertThat(descriptor.beginClose()).isEqualTo(-1);
        assertThat(Libc.isOpen(next)).isTrue();
        Libc.close(next);
    }

    @Test
    void aBorrowedNumberStaysOpen() {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd, false);
        assertThat(descriptor.isOwned()).isFalse();
        assertThat(descriptor.close()).isZero();
        assertThat(descriptor.fileno()).isEqualTo(-1);
        assertThat(Libc.isOpen(fd)).isTrue();
        Libc.close(fd);
    }

    @Test
    void theNumberIsGivenBackByTheLastUser() throws Exception {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd, true);
        assertThat(descriptor.isInUse()).isFalse();
        assertThat(descriptor.acquire()).isEqualTo(fd);
        assertThat(descriptor.tryAcquire()).isEqualTo(fd);
        assertThat(descriptor.isInUse()).isTrue();
        assertThat(descriptor.close()).isZero();
        assertThat(Libc.isOpen(fd)).isTrue();
        assertThat(descriptor.isInUse()).isTrue();
        assertThat(descriptor.release()).isZero();
        assertThat(Libc.isOpen(fd)).isTrue();
        assertThat(descriptor.release()).isZero();
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void nobodyGetsInOnceClosingHasBegun() throws Exception {
        int fd = open();
        Descriptor descriptor = new Descriptor(fd, true);
        descriptor.acquire();
        assertThat(descriptor.beginClose()).isEqualTo(fd);
        assertThatExceptionOfType(ClosedChannelException.class).isThrownBy(descriptor::acquire);
        assertThat(descriptor.tryAcquire()).isEqualTo(-1);
        assertThat(descriptor.beginClose()).isEqualTo(-1);
        assertThat(descriptor.isOpen()).isFalse();
        assertThat(Libc.isOpen(fd)).isTrue();
        descriptor.release();
        assertThat(Libc.isOpen(fd)).as("before finishClose").isTrue();
        assertThat(descriptor.isInUse()).isFalse();
        assertThat(descriptor.finishClose()).isZero();
        assertThat(Libc.isOpen(fd)).isFalse();
    }

    @Test
    void theErrorOfCloseIsReturned() {
        int fd = open();
        Libc.close(fd);
        assertThat(new Descriptor(fd, true).close()).isEqualTo(-Errno.EBADF);
    }

    /// Bounded: a thread that has failed comes no more.
    private static void await(CyclicBarrier round) throws Exception {
        round.await(30, TimeUnit.SECONDS);
    }

    @Test
    void underManyThreadsTheNumberIsOpenWhileUsedAndClosedOnce() throws Exception {
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
                    while ((fd = descriptor.tryAcquire()) >= 0) {
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
            current[0] = new Descriptor(fd, true);
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

    @Test
    void ofManyThreadsThatCloseOneDoes() throws Exception {
        int rounds = 1_000;
        CyclicBarrier round = new CyclicBarrier(2);
        Descriptor[] current = new Descriptor[1];
        int winners = 0;
        try (Background<Integer> other = Background.start(() -> {
            int won = 0;
            for (int r = 0; r < rounds; r++) {
                await(round);
                if (current[0].beginClose() >= 0) {
                    won++;
                    assertThat(current[0].finishClose()).isZero();
                }
                await(round);
            }
            return won;
        })) {
            for (int r = 0; r < rounds; r++) {
                current[0] = new Descriptor(open(), true);
                await(round);
                if (current[0].beginClose() >= 0) {
                    winners++;
                    assertThat(current[0].finishClose()).isZero();
                }
                await(round);
            }
            assertThat(winners + other.result()).isEqualTo(rounds);
        }
    }
}
