package io.selectors4j.stress.fuzz;

import io.selectors4j.Interest;
import io.selectors4j.Pollable;
import io.selectors4j.ReadyHandler;
import io.selectors4j.SelectorDump;
import io.selectors4j.fd.ControlMessage;
import io.selectors4j.fd.Fd;
import io.selectors4j.fd.FdFunction;
import io.selectors4j.fd.FileFd;
import io.selectors4j.fd.NativeSocketOptions;
import io.selectors4j.fd.SocketFd;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.os.Kevent;
import io.selectors4j.stress.fuzz.Api.Op;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.reflect.Parameter;
import java.lang.reflect.TypeVariable;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ProtocolFamily;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Creates arguments, few of which are valid.
final class ArgumentValues {

    private static final int[] NUMBERS = {
        0, 1, -1, 2, 5, 7, 8, 31, 32, 63, 64, 255, 256, 4096, 65_535, 65_536, Integer.MAX_VALUE, Integer.MIN_VALUE
    };
    private static final int MAX_CAPACITY = 64;
    private static final int HUGE_CAPACITY = (1 << 20) + 1;

    // IPPROTO_IP, IPPROTO_TCP, IPPROTO_IPV6. TCP_CONGESTION and TCP_ULP of Linux are excluded because they load kernel
    // modules.
    private static final Integer[] LEVELS = {Constants.SOL_SOCKET, 0, 6, 41, -1, Integer.MAX_VALUE};
    private static final List<Integer> FORBIDDEN_OPTIONS = List.of(13, 31);

    private static final int[] SIZES = {0, 1, 7, 8, 9, 100, 4096, 16_384, 16_385, 262_144, 262_145, 1 << 20};
    private static final String[] HOSTS = {"239.255.0.2", "224.0.0.1", "ff15::2", "127.0.0.1", "::1", "0.0.0.0"};
    private static final String[] SIGNALS = {
        "SIGURG", "SIGWINCH", "SIGCONT", "SIGKILL", "SIGSEGV", "SIGUSR2", "SIGNONE", ""
    };
    /// Names that no network interface can have: one would be created.
    private static final String[] DEVICES = {"", "nul\0", "é", "tun%d", "a/b", "x".repeat(16)};

    private static final String[] NAMES = {
        "",
        "x",
        "nul\0",
        "é",
        "READ",
        "EPOLL",
        "STREAM",
        "NOW",
        "EVEN",
        "MONOTONIC",
        "EVFILT_READ",
        "NOTE_OOB",
        "x".repeat(249),
        "x".repeat(250)
    };
    /// A path of another file system.
    private static final Path OTHER_FILE_SYSTEM = Path.of(URI.create("jrt:/java.base/module-info.class"));

    private static final Duration[] DURATIONS = {
        Duration.ZERO,
        Duration.ofNanos(1),
        Duration.ofNanos(-1),
        Duration.ofNanos(500_000),
        Duration.ofSeconds(Long.MAX_VALUE, 999_999_999),
        Duration.ofSeconds(Long.MIN_VALUE),
        Duration.ofNanos(Long.MAX_VALUE),
        Duration.ofNanos(Long.MIN_VALUE),
        Duration.ofDays(365)
    };
    private static final Map<Class<?>, Object[]> CONSTANTS = Map.of(
            ProtocolFamily.class,
            new Object[] {
                StandardProtocolFamily.INET,
                StandardProtocolFamily.INET6,
                StandardProtocolFamily.UNIX,
                new HostilePollable.Family("NOWHERE")
            },
            SocketOption.class,
            new Object[] {
                StandardSocketOptions.SO_SNDBUF,
                StandardSocketOptions.SO_RCVBUF,
                StandardSocketOptions.SO_LINGER,
                StandardSocketOptions.SO_KEEPALIVE,
                StandardSocketOptions.SO_REUSEADDR,
                StandardSocketOptions.TCP_NODELAY,
                StandardSocketOptions.IP_TOS,
                StandardSocketOptions.IP_MULTICAST_IF,
                StandardSocketOptions.IP_MULTICAST_TTL,
                StandardSocketOptions.IP_MULTICAST_LOOP,
                SocketFd.TCP_KEEPIDLE,
                NativeSocketOptions.SO_RCVTIMEO,
                NativeSocketOptions.TCP_USER_TIMEOUT,
                NativeSocketOptions.SO_BINDTODEVICE,
                NativeSocketOptions.IP_TTL,
                NativeSocketOptions.SO_ACCEPTCONN,
                SocketFd.SO_INCOMING_NAPI_ID,
                SocketFd.IP_DONTFRAGMENT,
                SocketFd.SO_OOBINLINE,
                SocketFd.IPV6_V6ONLY,
                new HostilePollable.Option("NOTHING")
            });

    private final ObjectPool pool;
    private final Input input;
    private final ReadyHandler<?, ?> handler;

    /// Creates the source of arguments.
    ///
    /// @param handler the handler of ready keys
    ArgumentValues(ObjectPool pool, ReadyHandler<?, ?> handler) {
        this.pool = pool;
        this.input = pool.input();
        this.handler = handler;
    }

    /// Returns an argument.
    ///
    /// @param before the previous arguments
    @Nullable
    Object of(Op op, Parameter parameter, List<@Nullable Object> before) throws IOException {
        Class<?> type = parameter.getType();
        if (type == boolean.class) {
            return input.flag();
        }
        if (type == int.class) {
            return number(op, parameter.getName());
        }
        if (type == long.class) {
            return longNumber(op, parameter.getName());
        }
        if (input.small() % 32 == 0) {
            return null;
        }
        if (parameter.getParameterizedType() instanceof TypeVariable<?>) {
            return value(before);
        }
        return switch (parameter.getName()) {
            case "control" -> list(ControlMessage.class);
            case "fds" -> list(Fd.class);
            case "keys" -> list(SelectorDump.Key.class);
            case "command" -> command(type);
            case "strayEntries" -> List.of("fd 5");
            default -> object(op, type);
        };
    }

    /// Returns a command that ends at once, or none.
    private Object command(Class<?> type) {
        @Nullable
        String[] command = switch (input.small() % 6) {
            case 0 -> new @Nullable String[0];
            case 1 -> new @Nullable String[] {"true", null};
            case 2 -> new @Nullable String[] {"true", "nul\0"};
            case 3 -> new @Nullable String[] {"no such program"};
            default -> new @Nullable String[] {"true"};
        };
        return type == List.class ? Arrays.asList(command) : command;
    }

    /// Returns a value for an option, or data for a key.
    private @Nullable Object value(List<@Nullable Object> before) throws IOException {
        if (!before.isEmpty() && before.getFirst() instanceof SocketOption<?> option) {
            return option.type() == Boolean.class
                    ? Boolean.valueOf(input.flag())
                    : option.type() == Integer.class
                            ? Integer.valueOf(anyNumber())
                            : option.type() == NetworkInterface.class
                                    ? NetworkInterface.getByIndex(1)
                                    : option.type() == Duration.class
                                            ? input.choose(DURATIONS)
                                            : option.type() == String.class ? input.choose(NAMES) : null;
        }
        return "data";
    }

    private @Nullable Object object(Op op, Class<?> type) throws IOException {
        if (type.isEnum()) {
            return input.choose(type.getEnumConstants());
        }
        Object[] constants = CONSTANTS.get(type);
        if (constants != null) {
            return input.choose(constants);
        }
        if (type == String.class) {
            return string(op);
        }
        if (type == String[].class) {
            return strings();
        }
        if (type == byte[].class) {
            return input.take(input.choose(0, 1, 10, 14, 107, 108, 126, 127));
        }
        if (type == Duration.class) {
            return input.choose(DURATIONS);
        }
        if (type == Instant.class) {
            return input.choose(
                    Instant.EPOCH,
                    Instant.MAX,
                    Instant.MIN,
                    Instant.now(),
                    Instant.now().plusSeconds(3600));
        }
        if (type == Map.class) {
            return new HashMap<>(Map.of("LISTEN_FDS", "1", "PATH", "/"));
        }
        if (type == Path.class) {
            return path(op);
        }
        if (type == ByteBuffer.class) {
            return buffer();
        }
        if (type == ByteBuffer[].class) {
            return buffers();
        }
        if (type == InetAddress.class) {
            return InetAddress.ofLiteral(input.choose(HOSTS));
        }
        if (type == NetworkInterface.class) {
            return NetworkInterface.getByIndex(1); // the loopback interface
        }
        if (type == SocketAddress.class) {
            return Addresses.any(pool);
        }
        if (type == Interest.class) {
            return interest();
        }
        if (type == Process.class) {
            return input.small() % 4 == 0
                    ? new HostilePollable.ProcessWithoutPid()
                    : pool.fixture().child();
        }
        if (type == ReadyHandler.class) {
            return handler;
        }
        if (type == FdFunction.class) {
            return (FdFunction<Integer, RuntimeException>) fd -> fd;
        }
        if (Collection.class.isAssignableFrom(type)) {
            return list(Pollable.class);
        }
        if (type == Iterable.class) {
            return list(Kevent.class);
        }
        Object ofJdk = JdkObjects.make(type, pool);
        return ofJdk != null ? ofJdk : pool.any(type);
    }

    private int anyNumber() {
        int choice = input.small();
        return choice % 4 == 0 ? input.number() : choice % 4 == 1 ? choice / 4 : NUMBERS[choice / 4 % NUMBERS.length];
    }

    private int number(Op op, String name) {
        return switch (name) {
            case "fd" -> pool.number();
            case "number" -> pool.number(); // dup2 replaces the open file
            case "capacity" ->
                input.choose(
                        1 + input.small() % MAX_CAPACITY, 0, -1, HUGE_CAPACITY, Integer.MAX_VALUE, Integer.MIN_VALUE);
            case "domain" ->
                input.choose(SocketFd.AF_UNIX, SocketFd.AF_INET, SocketFd.AF_INET6, -1, 9999, Integer.MAX_VALUE);
            case "protocol" -> input.choose(0, 0, 0, -1, 6, 17, 255);
            case "level" -> input.choose(LEVELS);
            case "maxLength" -> input.choose(0, 1, 4, 8, 100, 4096, 1 << 20, -1, Integer.MAX_VALUE);
            case "option" -> {
                int option = anyNumber();
                yield FORBIDDEN_OPTIONS.contains(option) ? 0 : option;
            }
            // Opening one end of a FIFO would block otherwise.
            case "flags" -> op.owner() == FileFd.class ? anyNumber() | FileFd.O_NONBLOCK : anyNumber();
            case "backlog" -> input.choose(0, 1, 128, -1, Integer.MAX_VALUE, Integer.MIN_VALUE);
            default -> anyNumber();
        };
    }

    private long longNumber(Op op, String name) throws IOException {
        if (op.toString().equals("PidFd.open(long)")) {
            // Excludes the processes of other programs.
            return input.choose(
                    pool.fixture().child().pid(), 0L, -1L, 1L << 22 | 1, 1L << 32, Long.MAX_VALUE, Long.MIN_VALUE);
        }
        if (name.equals("request")) {
            // FIONREAD, FIOCLEX, TIOCGWINSZ, TIOCGPTN, TCGETS, and numbers that no device has
            return input.choose(0x541BL, 0x5451L, 0x5413L, 0x8004_5430L, 0x5401L, 0L, 0xFFFF_FFFFL, 1L << 32, -1L);
        }
        if (name.equals("ident")) {
            return pool.number();
        }
        return switch (input.small() % 4) {
            case 0 -> input.longNumber();
            case 1 -> input.choose(Long.MIN_VALUE, Long.MAX_VALUE, -1L, -2L, 1L << 32);
            default -> anyNumber();
        };
    }

    private String string(Op op) {
        if (op.toString().startsWith("FileFd.t")) {
            return input.choose(DEVICES);
        }
        String[] candidates = op.toString().contains("ignal") ? SIGNALS : NAMES;
        return input.choose(candidates);
    }

    private @Nullable String[] strings() {
        @Nullable String[] names = new String[input.small() % 4];
        for (int i = 0; i < names.length; i++) {
            names[i] = input.small() % 32 == 0 ? null : input.choose(SIGNALS);
        }
        return names;
    }

    private Path path(Op op) {
        String name = input.choose("file", "a", "a/b", "fifo", "new", "nowhere/x", "x".repeat(300), "", "\uFFFD");
        if (input.small() % 16 == 0) {
            return OTHER_FILE_SYSTEM;
        }
        // A relative path is below the current directory.
        boolean writes = op.owner() == FileFd.class;
        return name.isEmpty() && !writes
                ? Path.of(name)
                : pool.fixture().directory.resolve(name);
    }

    private Interest interest() {
        int bits = input.small();
        Interest interest = Interest.NONE;
        interest = (bits & 1) != 0 ? interest.or(Interest.READ) : interest;
        interest = (bits & 2) != 0 ? interest.or(Interest.WRITE) : interest;
        interest = (bits & 12) == 12 ? interest.or(Interest.PRIORITY) : interest;
        interest = (bits & 24) == 24 ? interest.or(Interest.HANGUP) : interest;
        interest = (bits & 48) == 48 ? interest.edgeTriggered() : interest;
        interest = (bits & 96) == 96 ? interest.oneShot() : interest;
        return (bits & 192) == 192 ? interest.exclusive() : interest;
    }

    private <T> List<@Nullable T> list(Class<T> type) throws IOException {
        List<@Nullable T> list = new ArrayList<>();
        for (int i = input.small() % 5; i > 0; i--) {
            list.add(input.small() % 32 == 0 ? null : pool.any(type));
        }
        return list;
    }

    /// Returns a buffer of any kind, with any position and limit.
    private ByteBuffer buffer() throws IOException {
        int size = SIZES[input.small() % SIZES.length];
        ByteBuffer buffer = switch (input.small() % 12) {
            case 0, 1 -> ByteBuffer.allocate(size);
            case 2, 3 -> ByteBuffer.allocateDirect(size);
            case 4 -> ByteBuffer.allocate(size + 10).position(10).slice();
            case 5 -> ByteBuffer.allocateDirect(size + 10).position(10).slice();
            case 6 -> ByteBuffer.allocate(size).asReadOnlyBuffer();
            case 7 -> ByteBuffer.allocateDirect(size).asReadOnlyBuffer();
            case 8 ->
                pool.add(input.flag() ? Arena.ofConfined() : Arena.ofShared())
                        .allocate(size)
                        .asByteBuffer();
            case 9 -> {
                try (Arena arena = input.flag() ? Arena.ofConfined() : Arena.ofShared()) {
                    yield arena.allocate(size).asByteBuffer();
                }
            }
            case 10 -> pool.fixture().foreign.duplicate();
            default -> pool.fixture().huge.duplicate();
        };
        buffer.order(input.choose(ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN));
        int position = Math.min(buffer.capacity(), input.choose(0, 0, 1, input.small()));
        int limit = buffer.capacity() - Math.min(buffer.capacity() - position, input.choose(0, 0, 1, input.small()));
        return buffer.limit(limit).position(position);
    }

    private @Nullable ByteBuffer[] buffers() throws IOException {
        @Nullable ByteBuffer[] buffers = new @Nullable ByteBuffer[input.choose(0, 1, 2, 3, 5)];
        for (int i = 0; i < buffers.length; i++) {
            buffers[i] = input.small() % 32 == 0 ? null : buffer();
        }
        return buffers;
    }
}
