package io.selectors4j.contract;

import static io.selectors4j.testing.Expect.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Interest;
import io.selectors4j.ReadyKey;
import io.selectors4j.Selector;
import io.selectors4j.fd.Fd;
import io.selectors4j.process.ChildProcess;
import io.selectors4j.testing.BackendUnderTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The streams and the end of a [ChildProcess] on one selector.
@Tag("linux")
class ChildStreamsContractTest extends ContractTest {

    ChildStreamsContractTest(BackendUnderTest backend) {
        super(backend);
    }

    @Test
    void streamsAndEnd_areReadyOnOneSelector() throws IOException {
        Selector<String> selector = open();
        try (ChildProcess child = ChildProcess.builder(
                        "sh", "-c", "read line; echo \"<$line>\"; echo error >&2; exec >&- 2>&-; read line; exit 3")
                .start()) {
            selector.register(child.stdin(), Interest.WRITE, "stdin");
            selector.register(child.stdout(), Interest.READ, "stdout");
            selector.register(child.stderr(), Interest.READ, "stderr");
            selector.register(child.pidfd(), Interest.READ, "end");
            Map<String, String> output = new TreeMap<>();
            List<String> events = new ArrayList<>();
            while (!selector.getMap().isEmpty()) {
                List<ReadyKey<String>> keys = selector.select(PATIENCE);
                assertThat(keys).as("after %s", events).isNotEmpty();
                for (ReadyKey<String> key : keys) {
                    handle(selector, child, key, output, events);
                }
            }
            assertThat(output).isEqualTo(Map.of("stdout", "<line>\n", "stderr", "error\n"));
            assertThat(events).startsWith("stdin").endsWith("end").hasSize(4);
            assertThat(child.exitValue()).hasValue(3);
        }
    }

    private static void handle(
            Selector<String> selector,
            ChildProcess child,
            ReadyKey<String> key,
            Map<String, String> output,
            List<String> events)
            throws IOException {
        switch (key.data()) {
            case "stdin" -> {
                child.stdin().write(ByteBuffer.wrap("line\n".getBytes(StandardCharsets.UTF_8)));
                selector.unregister(child.stdin());
                events.add("stdin");
            }
            case "end" -> {
                selector.unregister(child.pidfd());
                events.add("end");
            }
            default -> {
                ByteBuffer buffer = ByteBuffer.allocate(100);
                Fd stream = (Fd) key.fileobj();
                if (stream.read(buffer) >= 0) {
                    output.merge(
                            key.data(),
                            StandardCharsets.UTF_8.decode(buffer.flip()).toString(),
                            String::concat);
                    return;
                }
                selector.unregister(stream);
                events.add(key.data());
                if (events.size() == 3) {
                    child.stdin().close();
                }
            }
        }
    }
}
