package io.selectors4j.stress.concurrency;

import static io.selectors4j.stress.concurrency.SelectorOperations.ABSENT;
import static io.selectors4j.stress.concurrency.SelectorOperations.CLOSED;
import static io.selectors4j.stress.concurrency.SelectorOperations.DONE;
import static io.selectors4j.stress.concurrency.SelectorOperations.PAUSE;
import static io.selectors4j.stress.concurrency.SelectorOperations.PRESENT;
import static io.selectors4j.stress.concurrency.SelectorOperations.READY;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The sequential specification of [SelectorOperations].
public final class SelectorSpecification {

    private final Map<Integer, Integer> keys = new HashMap<>();
    private boolean closed;

    public String register(int fd, int data) {
        if (closed) {
            return CLOSED;
        }
        return keys.putIfAbsent(fd, data) == null ? String.valueOf(data) : PRESENT;
    }

    public String modify(int fd, int data) {
        if (closed) {
            return CLOSED;
        }
        return keys.replace(fd, data) == null ? ABSENT : String.valueOf(data);
    }

    public String unregister(int fd) {
        if (closed) {
            return CLOSED;
        }
        Integer data = keys.remove(fd);
        return data == null ? ABSENT : String.valueOf(data);
    }

    public String getKey(int fd) {
        if (closed) {
            return CLOSED;
        }
        return keys.containsKey(fd) ? String.valueOf(keys.get(fd)) : ABSENT;
    }

    public String lookUp(int fd) {
        return String.valueOf(keys.containsKey(fd));
    }

    public String selectNow() {
        if (closed) {
            return CLOSED;
        }
        Integer data = keys.get(READY);
        return String.valueOf(data == null || data == PAUSE ? List.of() : List.of(data));
    }

    public String wakeup() {
        return DONE; // affects only a blocking select
    }

    public String close() {
        closed = true;
        keys.clear();
        return DONE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SelectorSpecification that && state().equals(that.state());
    }

    @Override
    public int hashCode() {
        return state().hashCode();
    }

    private List<Object> state() {
        return List.of(keys, closed);
    }
}
