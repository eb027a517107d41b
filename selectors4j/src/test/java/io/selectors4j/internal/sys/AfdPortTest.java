package io.selectors4j.internal.sys;

import static io.selectors4j.internal.sys.PollFlags.POLLIN;
import static io.selectors4j.internal.sys.PollFlags.POLLNVAL;
import static io.selectors4j.internal.sys.PollFlags.POLLOUT;
import static io.selectors4j.internal.sys.PollFlags.POLLRDHUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.fd.Fd;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.testing.ConnectedPair;
import io.selectors4j.testing.Libc;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Polls, and the events that waits return.
class AfdPortTest extends AfdPortFixture {

    AfdPortTest() throws IOException {}

    @Nested
    class Polls {

        @Test
        void poll_completesOnceUntilRestarted() throws IOException {
            ConnectedPair pair = pair();
            int poll = start(pair, POLLIN, 7);
            expectNone();
            pair.write(1);
            expectOne(7, POLLIN);
            expectNone();
            assertThat(port.restart(poll)).isZero();
            expectOne(7, POLLIN);
            pair.drain();
            assertThat(port.restart(poll)).isZero();
            assertThat(port.restart(poll)).as("pending").isZero();
            expectNone();
            pair.writer().close();
            expectOne(7, POLLIN | POLLRDHUP);
        }

        @Test
        void readyAtOnce_hasACompletionToo() throws IOException {
            start(pair(), POLLOUT, -5);
            expectOne(-5, POLLOUT);
        }

        @Test
        void canceledPoll_isNotReported() throws IOException {
            ConnectedPair pair = pair();
            int poll = start(pair, POLLIN, 1);
            pair.write(1); // the completion may be in the queue
            port.cancel(poll);
            expectNone();
            int ready = start(pair, POLLIN, 2);
            port.cancel(ready);
            expectNone();
        }

        @Test
        void canceledPoll_isReusedAfterItsCompletion() throws IOException {
            ConnectedPair pair = pair();
            int first = start(pair, POLLIN, 1);
            port.cancel(first);
            int second = start(pair, POLLIN, 2);
            assertThat(second).as("the kernel has the memory").isNotEqualTo(first);
            expectNone();
            port.cancel(second);
            expectNone();
            assertThat(start(pair, POLLIN, 3)).isIn(first, second);
            pair.write(1);
            expectOne(3, POLLIN);
        }

        @Test
        void poll_isNotReportedAfterAnotherOneTookItsPlace() throws IOException {
            ConnectedPair pair = pair();
            pair.write(1);
            int poll = start(pair, POLLIN, 1);
            assertThat(port.awaitOnThisThread(events, 0)).isOne();
            port.cancel(poll);
            assertThat(start(pair(), POLLIN, 2)).isEqualTo(poll);
            assertThat(events.token(0)).isEqualTo(1);
            expectNone();
        }

        @Test
        void undrainedEvents_stayInFrontOfOthers() throws IOException {
            start(pair(), POLLOUT, 1);
            assertThat(port.await(events, Deadline.FOREVER)).isOne();
            start(pair(), POLLOUT, 2);
            assertThat(port.await(events, Deadline.FOREVER)).isEqualTo(2);
            assertThat(port.await(events, Deadline.FOREVER))
                    .as("does not block")
                    .isEqualTo(2);
            assertThat(events.token(0)).isEqualTo(1);
            assertThat(events.token(1)).isEqualTo(2);
        }

        @Test
        void manyPolls_useMoreHandlesOfAfd() throws IOException {
            int before = afd.openHandles();
            ConnectedPair pair = pair();
            int count = 3 * AfdGroup.SIZE;
            List<Integer> duplicates = new ArrayList<>();
            Set<Integer> polls = new HashSet<>();
            for (int i = 0; i < count; i++) {
                int duplicate = Libc.tryDup(pair.reader().fileno());
                duplicates.add(duplicate);
                polls.add(port.start(duplicate, POLLIN, i));
            }
            assertThat(polls).hasSize(count);
            assertThat(afd.openHandles()).isEqualTo(before + 2);
            pair.write(1);
            Set<Long> tokens = new HashSet<>();
            while (tokens.size() < count) {
                events.clear();
                assertThat(port.await(events, Deadline.FOREVER)).isPositive();
                for (int i = 0; i < events.count(); i++) {
                    tokens.add(events.token(i));
                }
            }
            expectNone();
            duplicates.forEach(Libc::close);
        }

        @Test
        void fullMemory_grows() throws IOException {
            AfdEvents small = new AfdEvents(1);
            for (int i = 0; i < 5; i++) {
                start(pair(), POLLOUT, i);
            }
            int found = port.await(small, Deadline.FOREVER);
            while (small.isFull()) {
                small.grow();
                found = port.await(small, 0);
            }
            assertThat(found).isEqualTo(5);
        }

        @Test
        void baseHandle_isUsedIfThereIsOne() throws IOException {
            ConnectedPair pair = pair();
            afd.refuseBaseHandle(pair.reader().fileno());
            pair.write(1);
            start(pair, POLLIN, 1);
            expectOne(1, POLLIN);
            start(pair(), POLLOUT, 2);
            expectOne(2, POLLOUT);
            assertThat(afd.baseHandles()).isOne();
        }

        @Test
        void cancellationByOtherCode_hasNoFlags() throws IOException {
            ConnectedPair pair = pair();
            int poll = start(pair, POLLIN, 4);
            afd.cancelAll();
            expectOne(4, 0);
            pair.write(1);
            assertThat(port.restart(poll)).isZero();
            expectOne(4, POLLIN);
        }
    }

    @Nested
    class ClosedSockets {

        @Test
        void closedNumber_isRefused() throws IOException {
            assertThat(port.start(Libc.NEVER_OPEN, POLLIN, 1)).isEqualTo(-Errno.EBADF);
            int poll = start(pair(), POLLOUT, 1);
            expectOne(1, POLLOUT);
            afd.fail("NtDeviceIoControlFile", 0xC0000008);
            assertThat(port.restart(poll)).isEqualTo(-Errno.EBADF);
            afd.fail("NtDeviceIoControlFile", 0xC000009A);
            assertThat(port.restart(poll)).isEqualTo(-Errno.ENOMEM);
            afd.succeed("NtDeviceIoControlFile");
            assertThat(port.restart(poll)).isZero();
            expectOne(1, POLLOUT);
            port.cancel(poll);
        }

        @Test
        void socketClosedWhileWatched_isInvalid() throws IOException {
            Fd socket = (Fd) pair().reader();
            Libc.dupOnto(socket.fileno(), DUPLICATE);
            socket.close();
            assertThat(port.start(DUPLICATE, POLLIN, 9)).isNotNegative();
            expectNone();
            Libc.close(DUPLICATE);
            expectOne(9, POLLNVAL);
        }

        @Test
        void newOwner_isNotWatched() throws IOException {
            Fd socket = (Fd) pair().reader();
            Libc.dupOnto(socket.fileno(), DUPLICATE);
            socket.close();
            assertThat(port.start(DUPLICATE, POLLIN, 9)).isNotNegative();
            ConnectedPair ready = pair();
            ready.write(1);
            Libc.dupOnto(ready.reader().fileno(), DUPLICATE);
            expectOne(9, POLLNVAL);
            Libc.close(DUPLICATE);
        }
    }

    @Nested
    class Collected {

        /// Without a thread that waits, changes alone must not make the memory grow.
        @Test
        void manyChangesWithoutAWait_reuseTheirMemory() throws IOException {
            ConnectedPair pair = pair();
            for (int i = 0; i < 10_000; i++) {
                port.cancel(start(pair, POLLIN, i));
            }
            assertThat(afd.openHandles()).isEqualTo(2);
            expectNone();
        }

        @Test
        void eventsAmongChanges_areKept() throws IOException {
            start(pair(), POLLOUT, 77);
            int canceled = start(pair(), POLLOUT, 78);
            ConnectedPair pair = pair();
            for (int i = 0; i < 500; i++) {
                port.cancel(start(pair, POLLIN, i));
            }
            port.cancel(canceled);
            assertThat(port.wake()).isZero();
            for (int i = 0; i < 500; i++) {
                port.cancel(start(pair, POLLIN, i));
            }
            expectOne(77, POLLOUT);
            expectNone();
        }

        @Test
        void signalAmongChanges_isKept() throws IOException {
            ConnectedPair pair = pair();
            assertThat(port.wake()).isZero();
            for (int i = 0; i < 500; i++) {
                port.cancel(start(pair, POLLIN, i));
            }
            assertThat(port.await(events, Deadline.FOREVER)).isOne();
            assertThat(events.count()).isZero();
            expectNone();
        }
    }

    @Nested
    class Refreshed {

        @Test
        void passedCondition_isNotReported() throws IOException {
            ConnectedPair pair = pair();
            start(pair, POLLIN, 1);
            pair.write(1);
            port.refresh();
            pair.drain();
            port.refresh();
            expectNone();
            pair.write(1);
            expectOne(1, POLLIN);
        }

        @Test
        void lastingCondition_isReported() throws IOException {
            ConnectedPair pair = pair();
            pair.write(1);
            start(pair, POLLIN, 1);
            port.refresh();
            expectOne(1, POLLIN);
        }

        @Test
        void signal_isKept() {
            assertThat(port.wake()).isZero();
            port.refresh();
            assertThat(port.await(events, Deadline.FOREVER)).isOne();
        }

        @Test
        void closedSocket_isInvalid() throws IOException {
            start(pair(), POLLOUT, 1);
            start(pair(), POLLOUT, 2);
            afd.fail("NtDeviceIoControlFile", 0xC0000008);
            port.refresh();
            assertThat(port.await(events, 0)).isEqualTo(2);
            assertThat(events.flags(0)).isEqualTo(POLLNVAL);
            assertThat(events.flags(1)).isEqualTo(POLLNVAL);
        }

        @Test
        void failureForLackOfMemory_keepsTheEvent() throws IOException {
            start(pair(), POLLOUT, 1);
            afd.fail("NtDeviceIoControlFile", 0xC000009A);
            port.refresh();
            expectOne(1, POLLOUT);
        }
    }
}
