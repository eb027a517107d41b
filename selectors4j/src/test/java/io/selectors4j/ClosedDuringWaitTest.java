package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.selectors4j.fd.Fd;
import io.selectors4j.fd.PipeFd;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.Background;
import io.selectors4j.testing.Libc;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A bare number that another thread closes during a wait. The last scan of `select` sets all requested bits for it.
@Timeout(240)
class ClosedDuringWaitTest {

    private static final Duration WAIT = Duration.ofMillis(300);
    private static final int NUMBER = 3_333;

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL"})
    void bareNumber_isInvalid(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open();
                PipeFd.Pipe pipe = PipeFd.open()) {
            Libc.dupOnto(pipe.reader().fileno(), NUMBER);
            selector.register(Pollable.borrow(NUMBER), Interest.READ, "bare");
            try (Background<List<ReadyKey<String>>> waiting = Background.start(() -> selector.select(WAIT))) {
                waiting.awaitAsleep();
                Libc.close(NUMBER);

                assertThat(waiting.result()).singleElement().matches(ReadyKey::isInvalid);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL"})
    void otherKeys_areNotReported(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open();
                PipeFd.Pipe pipe = PipeFd.open();
                PipeFd.Pipe other = PipeFd.open()) {
            Libc.dupOnto(pipe.reader().fileno(), NUMBER);
            selector.register(Pollable.borrow(NUMBER), Interest.READ, "bare");
            selector.register(Pollable.borrow(other.reader().fileno()), Interest.READ, "other");
            try (Background<List<ReadyKey<String>>> waiting = Background.start(() -> selector.select(WAIT))) {
                waiting.awaitAsleep();
                Libc.close(NUMBER);

                assertThat(waiting.result()).extracting(ReadyKey::data).containsExactly("bare");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL"})
    void borrowedFd_isInvalid(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open();
                PipeFd.Pipe pipe = PipeFd.open()) {
            Libc.dupOnto(pipe.reader().fileno(), NUMBER);
            selector.register(Fd.borrow(NUMBER), Interest.READ, "borrowed");
            try (Background<List<ReadyKey<String>>> waiting = Background.start(() -> selector.select(WAIT))) {
                waiting.awaitAsleep();
                Libc.close(NUMBER);

                assertThat(waiting.result()).singleElement().matches(ReadyKey::isInvalid);
            }
        }
    }

    /// An object whose number changes leaves a dead registration. A register that fails must not replace it.
    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL"})
    void failedRegister_keepsDeadRegistration(BackendUnderTest backend) throws Exception {
        try (Selector<String> selector = backend.open();
                PipeFd.Pipe pipe = PipeFd.open()) {
            Libc.dupOnto(pipe.reader().fileno(), NUMBER);
            int[] number = {NUMBER};
            selector.register(() -> number[0], Interest.READ, "dead");
            Libc.close(NUMBER);
            number[0] = -1;

            assertThatExceptionOfType(NativeIOException.class)
                    .isThrownBy(() -> selector.register(Pollable.borrow(NUMBER), Interest.READ, "new"));

            assertThat(selector.selectNow()).singleElement().matches(ReadyKey::isInvalid);
        }
    }
}
