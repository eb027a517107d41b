import io.selectors4j.EpollSelector;
import io.selectors4j.Interest;
import io.selectors4j.fd.SocketFd;
import java.time.Duration;

/// A program to be traced by `run`. Each step between two marks has documented system calls. A mark is a wait with a
/// timeout that occurs nowhere else.
class Syscalls {

    private Syscalls() {}

    public static void main(String[] args) throws Exception {
        try (EpollSelector<String> selector = EpollSelector.open();
                SocketFd.Pair pair = SocketFd.pair(SocketFd.Type.STREAM)) {
            selector.select(Duration.ofNanos(1)); // links the functions at their first use
            mark(selector, 1);
            selector.register(pair.first(), Interest.READ, "a");
            mark(selector, 2);
            selector.modify(pair.first(), Interest.READ.or(Interest.PRIORITY), "a");
            mark(selector, 3);
            selector.modify(pair.first(), Interest.READ.or(Interest.PRIORITY), "b");
            mark(selector, 4);
            selector.select(Duration.ofNanos(50_000));
            mark(selector, 5);
            pair.first().close();
            mark(selector, 6);
        }
    }

    private static void mark(EpollSelector<String> selector, int number) throws Exception {
        selector.select(Duration.ofNanos(1_000_000 + number));
    }
}
