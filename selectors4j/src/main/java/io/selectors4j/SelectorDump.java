package io.selectors4j;

import io.selectors4j.internal.sys.Descriptors;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The state of a selector at one moment, for people who look for an error: [Selector#dump]. The string is a table with
/// a line for each key.
///
/// @param <A> type of the data attached to the keys
/// @param selector the class of the selector, `#`, and a number that no other selector of this process has
/// @param selectingThread the thread that is selecting, or null
/// @param counters the counters
/// @param keys the keys, in the order of their descriptors
/// @param strayEntries descriptions of what the kernel watches and no key belongs to; see [Selector], Closed
///     descriptors
public record SelectorDump<A extends @Nullable Object>(
        String selector,
        @Nullable Thread selectingThread,
        SelectorCounters counters,
        List<Key<A>> keys,
        List<String> strayEntries) {

    /// The state of a key.
    ///
    /// @param <A> type of the data attached to the key
    /// @param key the key
    /// @param kernel what the kernel has: for EPOLL the flags in `/proc/self/fdinfo`, where it can be read; otherwise
    ///     `watched`, `absent` if nothing is waited for, or another state of the backend
    /// @param age the time since the registration
    /// @param lastReadiness what the key was ready for at last, or null
    /// @param lastReadyAge the time since then, up to 64 selects too long if they did not wait; null if the key was not
    ///     ready yet
    public record Key<A extends @Nullable Object>(
            SelectorKey<A> key,
            String kernel,
            Duration age,
            @Nullable Readiness lastReadiness,
            @Nullable Duration lastReadyAge) {

        /// Checks that nothing is null but the readiness and its age.
        public Key {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(kernel, "kernel");
            Objects.requireNonNull(age, "age");
        }

        /// Returns the object, the interest, and the state of the key, without the data.
        @Override
        public String toString() {
            String last = lastReadiness == null || lastReadyAge == null
                    ? "never ready"
                    : "ready " + seconds(lastReadyAge) + " ago: " + lastReadiness;
            return "fd " + key.fd() + ": " + Descriptors.describe(key.fileobj()) + " waits for " + key.events()
                    + ", kernel: " + kernel + ", age " + seconds(age) + ", " + last;
        }
    }

    /// Checks that nothing is null but the thread, and copies the lists.
    public SelectorDump {
        Objects.requireNonNull(selector, "selector");
        Objects.requireNonNull(counters, "counters");
        keys = List.copyOf(keys);
        strayEntries = List.copyOf(strayEntries);
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%d.%03d s", time.toSeconds(), time.toMillisPart());
    }

    /// Returns a text of several lines, which does not contain the data of the keys.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(selector)
                .append(": ")
                .append(keys.size())
                .append(keys.size() == 1 ? " key, " : " keys, ")
                .append(selectingThread == null ? "no thread is selecting" : "selecting: " + selectingThread)
                .append("\n  ")
                .append(counters);
        keys.forEach(key -> text.append("\n  ").append(key));
        strayEntries.forEach(entry -> text.append("\n  without a key: ").append(entry));
        return text.append('\n').toString();
    }
}
