package io.selectors4j.watch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InotifyMasksTest {

    @ParameterizedTest
    @CsvSource({
        "IN_ACCESS, 1",
        "IN_MODIFY, 2",
        "IN_ATTRIB, 4",
        "IN_CLOSE_WRITE, 8",
        "IN_CLOSE_NOWRITE, 10",
        "IN_CLOSE, 18",
        "IN_OPEN, 20",
        "IN_MOVED_FROM, 40",
        "IN_MOVED_TO, 80",
        "IN_MOVE, c0",
        "IN_CREATE, 100",
        "IN_DELETE, 200",
        "IN_DELETE_SELF, 400",
        "IN_MOVE_SELF, 800",
        "IN_ALL_EVENTS, fff",
        "IN_UNMOUNT, 2000",
        "IN_Q_OVERFLOW, 4000",
        "IN_IGNORED, 8000",
        "IN_ONLYDIR, 1000000",
        "IN_DONT_FOLLOW, 2000000",
        "IN_EXCL_UNLINK, 4000000",
        "IN_MASK_CREATE, 10000000",
        "IN_MASK_ADD, 20000000",
        "IN_ISDIR, 40000000",
        "IN_ONESHOT, 80000000"
    })
    void constants_haveTheValuesOfTheHeader(String name, String hex) throws Exception {
        int value = InotifyFd.class.getField(name).getInt(null);
        assertThat(value).isEqualTo(Integer.parseUnsignedInt(hex, 16));
        if (Integer.bitCount(value) == 1) {
            assertThat(InotifyFd.maskToString(value)).isEqualTo(name);
        }
    }

    @Test
    void maskToString_namesTheFlags() {
        assertThat(InotifyFd.maskToString(0)).isEqualTo("0");
        assertThat(InotifyFd.maskToString(0x4000_0180)).isEqualTo("IN_MOVED_TO|IN_CREATE|IN_ISDIR");
        assertThat(InotifyFd.maskToString(0x8801_1001)).isEqualTo("IN_ACCESS|IN_ONESHOT|0x8011000");
        InotifyEvent event = new InotifyEvent(3, 0x4000_0040, 9, "name");
        assertThat(event).hasToString("InotifyEvent[wd=3, mask=IN_MOVED_FROM|IN_ISDIR, cookie=9, name=name]");
        assertThat(event.has(InotifyFd.IN_ISDIR | InotifyFd.IN_MOVED_FROM)).isTrue();
        assertThat(event.has(InotifyFd.IN_ISDIR | InotifyFd.IN_MOVED_TO)).isFalse();
    }
}
