package io.selectors4j.internal.sys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.selectors4j.internal.bsd.KqueueConstantTable;
import io.selectors4j.internal.bsd.KqueueSystem;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KqueueConstantsTest {

    private static final long LARGEST_FFLAGS = 0xFFFF_FFFFL;
    private static final Pattern NAMED = Pattern.compile("(?:^|; )(\\w+): ");

    private static List<String> missing(KqueueConstants constants, String prefix) {
        List<String> names = new ArrayList<>();
        for (String name : KqueueConstantTable.names()) {
            if (name.startsWith(prefix) && !constants.has(name)) {
                names.add(name);
            }
        }
        return names;
    }

    private static String rejection(KqueueConstants constants, long filter, long flags, long fflags) {
        String message = null;
        try {
            constants.require((int) filter, (int) flags, fflags);
        } catch (UnsupportedOperationException e) {
            message = e.getMessage();
        }
        if (message == null) {
            throw new AssertionError("filter " + filter + " flags " + flags + " fflags " + fflags + " were accepted");
        }
        return message;
    }

    /// Returns the constants that a message names.
    private static List<String> named(String message) {
        return NAMED.matcher(message).results().map(name -> name.group(1)).toList();
    }

    @ParameterizedTest
    @EnumSource
    void presentConstant_hasItsValueAndIsAccepted(KqueueSystem system) {
        KqueueConstants constants = new KqueueConstants(system);
        for (String name : KqueueConstantTable.names()) {
            if (!system.has(name)) {
                continue;
            }
            long value = constants.value(name);
            assertThat(value).as(name).isEqualTo(KqueueConstantTable.find(system, name));
            assertThat(constants.has(name)).as(name).isTrue();
            assertThatCode(() -> {
                        if (name.startsWith("EVFILT_")) {
                            constants.require((int) value, 0, 0);
                        } else if (name.startsWith("EV_")) {
                            constants.require(1, (int) value, 0);
                        } else {
                            constants.require(1, 0, value);
                        }
                    })
                    .as(name)
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @EnumSource
    void missingFilter_isRejectedByName(KqueueSystem system) {
        KqueueConstants constants = new KqueueConstants(system);
        List<String> missing = missing(constants, "EVFILT_");
        assertThat(missing).isNotEmpty();
        for (String name : missing) {
            assertThat(named(rejection(constants, constants.value(name), 1, 0))).containsExactly(name);
        }
    }

    @ParameterizedTest
    @EnumSource
    void missingFlag_hasItsOwnBitAndIsRejectedByName(KqueueSystem system) {
        KqueueConstants constants = new KqueueConstants(system);
        List<String> missing = missing(constants, "EV_");
        assertThat(missing).hasSizeBetween(1, 15);
        assertThat(missing).extracting(constants::value).doesNotHaveDuplicates();
        long all = 0;
        for (String name : missing) {
            long value = constants.value(name);
            assertThat(Long.bitCount(value)).isOne();
            assertThat(value).isBetween(1L << 16, 1L << 30);
            assertThat(named(rejection(constants, 1, value, 0))).containsExactly(name);
            assertThat(named(rejection(constants, 1, value | 1 | 0x8000, 0))).containsExactly(name);
            all |= value;
        }
        assertThat(named(rejection(constants, 1, all | 1, 0))).containsExactlyElementsOf(missing);
    }

    @ParameterizedTest
    @EnumSource
    void missingNote_isRejectedByNameWithItsFilter(KqueueSystem system) {
        KqueueConstants constants = new KqueueConstants(system);
        List<String> missing = missing(constants, "NOTE_");
        assertThat(missing).isNotEmpty();
        for (String name : missing) {
            long value = constants.value(name);
            assertThat(Long.bitCount(value)).isOne();
            assertThat(value).isBetween(1L << 32, 1L << 62);
            int filters = 0;
            for (String filter : KqueueConstantTable.names()) {
                if (filter.startsWith("EVFILT_") && KqueueNames.isOf(name, filter)) {
                    filters++;
                    long number = constants.value(filter);
                    assertThat(named(rejection(constants, number, 1, value | 1)))
                            .containsExactly(system.has(filter) ? name : filter);
                }
            }
            assertThat(filters).as(name).isPositive();
            // With a filter that it does not belong to, all constants with this value are named.
            assertThat(named(rejection(constants, 99, 1, value))).contains(name);
        }
    }

    @Test
    void twoMissingNotes_areBothNamed() {
        KqueueConstants constants = new KqueueConstants(KqueueSystem.FREEBSD);
        long both = constants.value("NOTE_EOF") | constants.value("NOTE_OOB") | constants.value("NOTE_LOWAT");
        assertThat(named(rejection(constants, constants.value("EVFILT_READ"), 1, both)))
                .containsExactly("NOTE_EOF", "NOTE_OOB");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FREEBSD | EVFILT_MACHPORT | EVFILT_MACHPORT: macOS has it, and this is FreeBSD",
                "MACOS | EVFILT_EMPTY | EVFILT_EMPTY: FreeBSD and NetBSD have it, and this is macOS",
                "NETBSD | EVFILT_EXCEPT"
                        + " | EVFILT_EXCEPT: macOS, OpenBSD and DragonFly BSD have it, and this is NetBSD",
                "LIBKQUEUE | EVFILT_NETDEV | EVFILT_NETDEV: no system has it any more, and this is libkqueue"
            })
    void message_namesTheSystemsThatHaveIt(KqueueSystem system, String filter, String message) {
        KqueueConstants constants = new KqueueConstants(system);
        assertThat(rejection(constants, constants.value(filter), 1, 0)).isEqualTo(message);
    }

    @Test
    void systemWithoutKqueue_rejectsAllByName() {
        KqueueConstants constants = new KqueueConstants(null, "Windows x86-64");
        for (String name : KqueueConstantTable.names()) {
            assertThat(constants.has(name)).isFalse();
            long value = constants.value(name);
            String message = name.startsWith("EVFILT_")
                    ? rejection(constants, value, 1, 0)
                    : name.startsWith("EV_") ? rejection(constants, 1, value, 0) : rejection(constants, 1, 1, value);
            assertThat(named(message)).contains(name);
            assertThat(message).endsWith(", and this is Windows x86-64");
        }
    }

    @ParameterizedTest
    @EnumSource
    void outOfRange_isRejectedWithFieldAndValue(KqueueSystem system) {
        KqueueConstants constants = new KqueueConstants(system);
        boolean wide = system == KqueueSystem.NETBSD;
        int smallest = wide ? 0 : -32_768;
        int largest = wide ? Integer.MAX_VALUE : 32_767;
        constants.require(smallest, 0, 0);
        constants.require(largest, 0xFFFF, LARGEST_FFLAGS);
        assertOutOfRange(constants, smallest - 1, 0, 0, "filter " + (smallest - 1) + " is not from " + smallest);
        if (!wide) {
            assertOutOfRange(constants, 32_768, 0, 0, "filter 32768 is not from -32768 to 32767");
        }
        assertOutOfRange(constants, Integer.MIN_VALUE + 1000, 0, 0, "filter -2147482648 ");
        assertOutOfRange(constants, 1, -1, 0, "flags -1 is not from 0 to 65535");
        assertOutOfRange(constants, 1, Integer.MIN_VALUE, 0, "flags -2147483648 ");
        assertOutOfRange(constants, 1, 0, -1, "fflags -1 is not from 0 to 4294967295");
        assertOutOfRange(constants, 1, 0, Long.MIN_VALUE, "fflags -9223372036854775808 ");
        // A value with an unknown bit is out of range, even if other bits stand for missing constants.
        long flag = constants.value(missing(constants, "EV_").getFirst());
        assertOutOfRange(constants, 1, (int) flag | 1 << 31, 0, "flags ");
    }

    private static void assertOutOfRange(
            KqueueConstants constants, int filter, int flags, long fflags, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> constants.require(filter, flags, fflags))
                .withMessageStartingWith(message);
    }

    @Test
    void unknownName_isRejected() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KqueueConstants.CURRENT.value("EVFILT_REED"))
                .withMessage("no constant of kqueue is called EVFILT_REED");
        assertThatIllegalArgumentException().isThrownBy(() -> KqueueConstants.CURRENT.has("EV_REED"));
        assertThatIllegalArgumentException().isThrownBy(() -> KqueueConstants.systems("NOTE_REED"));
    }
}
