package io.selectors4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeyTableTest {

    private final KeyTable<String> table = new KeyTable<>();

    private static Registration<String> registration(Pollable fileobj, int fd, long generation) {
        return new Registration<>(new SelectorKey<>(fileobj, fd, Interest.READ, "data" + fd), generation, null);
    }

    private Registration<String> put(int fd, long generation) {
        Registration<String> registration = registration(Pollable.borrow(fd), fd, generation);
        table.put(registration);
        return registration;
    }

    @Test
    void get_findsByNumber() {
        Registration<String> three = put(3, 0);
        Registration<String> far = put(20_000, 1);
        assertThat(table.get(3)).isSameAs(three);
        assertThat(table.get(20_000)).isSameAs(far);
        assertThat(table.size()).isEqualTo(2);
    }

    @Test
    void get_ofUnknownNumber_returnsNull() {
        put(3, 0);
        assertThat(table.get(-1)).isNull();
        assertThat(table.get(4)).isNull();
        assertThat(table.get(Integer.MAX_VALUE)).isNull();
        assertThat(table.get(Integer.MIN_VALUE)).isNull();
    }

    @Test
    void remove_forgetsRegistration() {
        Registration<String> three = put(3, 0);
        put(4, 1);
        table.remove(three);
        assertThat(table.get(3)).isNull();
        assertThat(table.size()).isEqualTo(1);
        assertThat(table.forToken(three.token())).isNull();
    }

    @Test
    void token_isValidForOneGeneration() {
        Registration<String> first = put(3, 10);
        table.remove(first);
        Registration<String> second = put(3, 11);
        assertThat(table.forToken(first.token())).isNull();
        assertThat(table.forToken(second.token())).isSameAs(second);
        assertThat(table.forToken(-1)).isNull(); // the waker's
        assertThat(table.forToken(Long.MIN_VALUE)).isNull();
        assertThat(table.forToken(Long.MAX_VALUE)).isNull();
    }

    @Test
    void token_holdsNumberAndGeneration() {
        assertThat(registration(Pollable.borrow(5), 5, 0).token()).isEqualTo(5);
        assertThat(registration(Pollable.borrow(5), 5, 1).token()).isEqualTo(0x1_0000_0005L);
        assertThat(registration(Pollable.borrow(Integer.MAX_VALUE), Integer.MAX_VALUE, 0xFFFF_FFFFL)
                        .token())
                .isEqualTo(0xFFFF_FFFF_7FFF_FFFFL);
        // A token repeats after 2^32 registrations.
        assertThat(registration(Pollable.borrow(5), 5, 1L << 32).token()).isEqualTo(5);
    }

    @Test
    void find_usesDescriptorOfObject() {
        Registration<String> three = put(3, 0);
        assertThat(table.find(Pollable.borrow(3))).isSameAs(three);
        assertThat(table.find(() -> 3)).isSameAs(three);
        assertThat(table.find(Pollable.borrow(4))).isNull();
    }

    @Test
    void find_ofClosedObject_usesIdentity() {
        int[] number = {7};
        Pollable closing = () -> number[0];
        Registration<String> seven = registration(closing, 7, 0);
        table.put(seven);
        number[0] = -1;
        assertThat(table.find(closing)).isSameAs(seven);
        assertThat(table.find(() -> -1)).isNull();
    }

    @Test
    void filenoThrows_countsAsClosed() {
        boolean[] throwsNow = {false};
        Pollable throwing = () -> {
            if (throwsNow[0]) {
                throw new IllegalStateException("closed");
            }
            return 9;
        };
        Registration<String> nine = registration(throwing, 9, 0);
        table.put(nine);
        throwsNow[0] = true;
        assertThat(table.find(throwing)).isSameAs(nine);
    }

    @Test
    void all_isInOrderOfDescriptors() {
        Registration<String> far = put(1000, 0);
        Registration<String> near = put(2, 1);
        assertThat(table.all()).containsExactly(near, far);
    }

    @Test
    void map_isLiveView() {
        Map<Pollable, SelectorKey<String>> map = new KeyMap<>(table, new Object());
        assertThat(map).isEmpty();
        Registration<String> three = put(3, 0);
        Pollable fileobj = three.key().fileobj();
        assertThat(map).hasSize(1).containsEntry(fileobj, three.key());
        assertThat(map.get(Pollable.borrow(3))).isSameAs(three.key());
        assertThat(map.containsKey(Pollable.borrow(4))).isFalse();
        assertThat(((Map<?, ?>) map).containsKey((Object) "3")).isFalse();
        assertThat(map.get(null)).isNull();
        table.remove(three);
        assertThat(map).isEmpty();
    }

    @Test
    void map_cannotBeModified() {
        Registration<String> three = put(3, 0);
        Map<Pollable, SelectorKey<String>> map = new KeyMap<>(table, new Object());
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(() -> map.put(Pollable.borrow(5), three.key()));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(() -> map.remove(Pollable.borrow(3)));
        assertThatExceptionOfType(UnsupportedOperationException.class).isThrownBy(map::clear);
        assertThat(table.size()).isEqualTo(1);
    }

    @Test
    void iterator_hasKeysOfItsCreation() {
        put(3, 0);
        Registration<String> four = put(4, 1);
        Map<Pollable, SelectorKey<String>> map = new KeyMap<>(table, new Object());
        Iterator<Pollable> keys = map.keySet().iterator();
        table.remove(four);
        put(5, 2);
        assertThat(keys).toIterable().containsExactly(Pollable.borrow(3), Pollable.borrow(4));
    }
}
