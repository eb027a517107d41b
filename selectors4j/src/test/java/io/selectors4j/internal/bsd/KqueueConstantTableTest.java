package io.selectors4j.internal.bsd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.selectors4j.testing.SystemTable;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Compares the constants with `kqueue-constants.txt`, which has all constants of sys/event.h of each system.
class KqueueConstantTableTest {

    @ParameterizedTest
    @EnumSource
    void constants_areThoseOfTheHeader(KqueueSystem system) {
        Map<String, Long> found = new TreeMap<>();
        for (String name : KqueueConstantTable.names()) {
            if (system.has(name)) {
                found.put(name, KqueueConstantTable.find(system, name));
            }
        }
        assertThat(found)
                .containsExactlyInAnyOrderEntriesOf(
                        SystemTable.column(KqueueConstantTableTest.class, "kqueue-constants.txt", system));
    }

    @Test
    void unknownConstant_isRejected() {
        assertThatThrownBy(() -> KqueueConstantTable.find(KqueueSystem.MACOS, "EVFILT_NONSENSE"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("no constant of kqueue is called EVFILT_NONSENSE");
        assertThatThrownBy(() -> KqueueSystem.FREEBSD.number("EVFILT_MACHPORT"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("FreeBSD has no EVFILT_MACHPORT");
    }
}
