package io.selectors4j.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.entry;

import io.selectors4j.Interest;
import io.selectors4j.NotRegisteredException;
import io.selectors4j.Pollable;
import io.selectors4j.PollableChannel;
import io.selectors4j.Selector;
import io.selectors4j.SelectorKey;
import io.selectors4j.testing.BackendUnderTest;
import io.selectors4j.testing.ConnectedPair;
import java.io.IOException;
import java.util.Iterator;
import java.util.Map;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// `getKey` and `getMap`.
class MapContractTest extends ContractTest {

    MapContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Nested
    class GetKey {

        @Test
        void key_isFoundByObjectAndByFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");

            assertThat(selector.getKey(pair.reader())).isSameAs(key);
            assertThat(selector.getKey(Pollable.borrow(pair.reader().fileno()))).isSameAs(key);
        }

        @Test
        void unregisteredObject_hasNoKey() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();

            NotRegisteredException refusal =
                    catchThrowableOfType(NotRegisteredException.class, () -> selector.getKey(pair.reader()));
            assertThat(refusal.fileobj()).isSameAs(pair.reader());
            assertThat(selector.getMap().get(pair.reader())).isNull();
            assertThat(selector.getMap().containsKey(pair.reader())).isFalse();
        }
    }

    @Nested
    class GetMap {

        @Test
        void map_isLive() throws IOException {
            Selector<String> selector = open();
            Map<Pollable, SelectorKey<String>> map = selector.getMap();
            PollableChannel one = pair().reader();
            PollableChannel two = pair().reader();
            assertThat(map).isEmpty();

            SelectorKey<String> first = selector.register(one, Interest.READ, "one");
            SelectorKey<String> second = selector.register(two, Interest.READ, "two");
            assertThat(map).containsOnly(entry(one, first), entry(two, second));

            SelectorKey<String> changed = selector.modify(one, Interest.WRITE, "changed");
            assertThat(map).containsOnly(entry(one, changed), entry(two, second));

            selector.unregister(one);
            assertThat(map).containsOnly(entry(two, second));

            two.close();
            assertThat(map).isEmpty();
        }

        @Test
        void map_findsKeysByFd() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            Pollable raw = Pollable.borrow(pair.reader().fileno());
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");

            assertThat(selector.getMap().get(raw)).isSameAs(key);
            assertThat(selector.getMap().containsKey(raw)).isTrue();
            assertThat(selector.getMap().keySet().contains(raw)).isTrue();
            assertThat(selector.getMap().keySet()).containsExactly(pair.reader());
        }

        @Test
        void map_acceptsQueriesOfAnyType() throws IOException {
            Selector<String> selector = open();
            selector.register(pair().reader(), Interest.READ, "data");
            Map<?, ?> map = selector.getMap();

            assertThat(map.get("a string")).isNull();
            assertThat(map.get(null)).isNull();
            assertThat(map.containsKey(Pollable.borrow(Integer.MAX_VALUE))).isFalse();
            assertThat(map.containsValue("a string")).isFalse();
        }

        @Test
        void map_isUnmodifiable() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            SelectorKey<String> key = selector.register(pair.reader(), Interest.READ, "data");
            Map<Pollable, SelectorKey<String>> map = selector.getMap();

            assertThatThrownBy(() -> map.put(pair.writer(), key)).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.remove(pair.reader())).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(map::clear).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.values().clear()).isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.keySet().remove(pair.reader()))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> map.entrySet().iterator().next().setValue(key))
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThatThrownBy(() -> {
                        Iterator<Pollable> keys = map.keySet().iterator();
                        keys.next();
                        keys.remove();
                    })
                    .isInstanceOf(UnsupportedOperationException.class);
            assertThat(map).containsOnly(entry(pair.reader(), key));
        }

        @Test
        void unregisterWhileIterating_succeeds() throws IOException {
            Selector<Integer> selector = open();
            for (int i = 0; i < 10; i++) {
                selector.register(pair().reader(), Interest.READ, i);
            }
            int seen = 0;
            for (Pollable fileobj : selector.getMap().keySet()) {
                selector.unregister(fileobj);
                seen++;
            }
            assertThat(seen).isEqualTo(10);
            assertThat(selector.getMap()).isEmpty();
        }

        @Test
        void mapOfAClosedSelector_isEmpty() throws IOException {
            Selector<String> selector = open();
            ConnectedPair pair = pair();
            selector.register(pair.reader(), Interest.READ, "data");
            Map<Pollable, SelectorKey<String>> map = selector.getMap();

            selector.close();

            assertThat(map).isEmpty();
            assertThat(map.get(pair.reader())).isNull();
        }
    }
}
