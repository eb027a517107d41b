package io.selectors4j;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The live, unmodifiable view of [Selector#getMap].
///
/// @param <A> type of the keys' data
final class KeyMap<A extends @Nullable Object> extends AbstractMap<Pollable, SelectorKey<A>> {

    private final KeyTable<A> table;

    /// Guards the table.
    private final Object lock;

    KeyMap(KeyTable<A> table, Object lock) {
        this.table = table;
        this.lock = lock;
    }

    @Override
    public int size() {
        synchronized (lock) {
            return table.size();
        }
    }

    @Override
    public boolean containsKey(@Nullable Object object) {
        return get(object) != null;
    }

    @Override
    public @Nullable SelectorKey<A> get(@Nullable Object object) {
        if (!(object instanceof Pollable fileobj)) {
            return null;
        }
        synchronized (lock) {
            Registration<A> registration = table.find(fileobj);
            return registration == null ? null : registration.key();
        }
    }

    @Override
    public Set<Map.Entry<Pollable, SelectorKey<A>>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return KeyMap.this.size();
            }

            @Override
            public Iterator<Map.Entry<Pollable, SelectorKey<A>>> iterator() {
                synchronized (lock) {
                    return table.all().stream()
                            .map(Registration::key)
                            .map(key -> Map.entry(key.fileobj(), key))
                            .iterator();
                }
            }
        };
    }
}
