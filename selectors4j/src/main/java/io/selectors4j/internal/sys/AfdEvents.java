package io.selectors4j.internal.sys;

import io.selectors4j.internal.ffi.ErrnoCapture;
import io.selectors4j.internal.windows.OverlappedEntries;
import java.util.Arrays;

/// The events that a wait of an [AfdPort] has found, and the memory of that wait. For one thread at a time.
public final class AfdEvents {

    final ErrnoCapture state = new ErrnoCapture();

    private OverlappedEntries entries;
    private long[] tokens;
    private int[] flags;
    private int count;

    /// Whether the last call has filled the array of completions.
    private boolean full;

    /// Allocates memory for a number of completions of one call.
    public AfdEvents(int capacity) {
        entries = new OverlappedEntries(capacity);
        tokens = new long[capacity];
        flags = new int[capacity];
    }

    /// Returns the number of events.
    public int count() {
        return count;
    }

    /// Returns the token of the poll that an event belongs to.
    public long token(int index) {
        return tokens[index];
    }

    /// Returns the POLL* flags of an event of [PollFlags]; 0 if the poll ended without one.
    public int flags(int index) {
        return flags[index];
    }

    /// Removes all events.
    public void clear() {
        count = 0;
    }

    /// Returns whether the last wait has filled the memory, so that there may be more events.
    public boolean isFull() {
        return full;
    }

    /// Doubles the memory for the next wait.
    public void grow() {
        entries = new OverlappedEntries(2 * entries.capacity());
    }

    /// Returns the array for the completions of one call.
    OverlappedEntries entries() {
        return entries;
    }

    void setFull(boolean isFull) {
        full = isFull;
    }

    /// Makes room for the events of one call and for others, so that [#add] allocates nothing.
    void reserve(int others) {
        int needed = count + entries.capacity() + others;
        if (needed > tokens.length) {
            int[] largerFlags = Arrays.copyOf(flags, Math.max(needed, 2 * flags.length));
            tokens = Arrays.copyOf(tokens, largerFlags.length);
            flags = largerFlags;
        }
    }

    void add(long token, int pollFlags) {
        tokens[count] = token;
        flags[count++] = pollFlags;
    }
}
