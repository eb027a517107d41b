package io.selectors4j.benchmarks.load;

import io.selectors4j.benchmarks.Task;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The process of a [Generator]. Its requests:
///
/// - `open PORT BUSY IDLE`: connect;
/// - `run MILLISECONDS`: send, and return the figures;
/// - `close`: disconnect.
public final class GeneratorTask implements Task {

    private static final int PORT = 1;
    private static final int BUSY = 2;
    private static final int IDLE = 3;

    private final Protocol protocol;
    private @Nullable Generator generator;

    /// Creates clients without connections.
    ///
    /// @param args the name of the [Protocol]
    public GeneratorTask(String... args) {
        protocol = Protocol.valueOf(args[0]);
    }

    @Override
    public String round(String... args) throws IOException {
        return switch (args[0]) {
            case "open" -> {
                close();
                int busy = Integer.parseInt(args[BUSY]);
                int idle = Integer.parseInt(args[IDLE]);
                generator = new Generator(protocol, Integer.parseInt(args[PORT]), busy, idle);
                yield "connections=" + (busy + idle);
            }
            case "run" ->
                open().run(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(args[1])))
                        .figures();
            case "close" -> {
                close();
                yield "connections=0";
            }
            default -> throw new IllegalArgumentException("unknown request " + args[0]);
        };
    }

    private Generator open() {
        if (generator == null) {
            throw new IllegalStateException("not connected");
        }
        return generator;
    }

    @Override
    public void close() throws IOException {
        if (generator != null) {
            generator.close();
            generator = null;
        }
    }
}
