package io.selectors4j.nio;

import static org.assertj.core.api.Assertions.assertThat;

import io.selectors4j.Backend;
import io.selectors4j.fd.EventFd;
import java.io.IOException;
import java.nio.channels.Pipe;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Virtual machines that are started with the provider, or without a flag that it needs.
class StartedWithProviderTest {

    private static final String PROVIDER =
            "-Djava.nio.channels.spi.SelectorProvider=io.selectors4j.nio.SelectorsProvider";
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";

    /// Uses `java.nio.channels` and prints the classes.
    static final class UnchangedProgram {

        private UnchangedProgram() {}

        public static void main(String[] args) throws IOException {
            Pipe pipe = Pipe.open();
            try (Selector selector = Selector.open();
                    SocketChannel socket = SocketChannel.open();
                    Pipe.SourceChannel source = pipe.source();
                    Pipe.SinkChannel sink = pipe.sink()) {
                source.configureBlocking(false);
                source.register(selector, SelectionKey.OP_READ);
                sink.write(StandardCharsets.US_ASCII.encode("x"));
                System.out.println(selector.select() + " selected by " + selector + ", socket "
                        + socket.getClass().getSimpleName());
            }
        }
    }

    /// Opens a channel for the JDK's selectors.
    static final class JdkSelectorProgram {

        private JdkSelectorProgram() {}

        public static void main(String[] args) throws IOException {
            try (Selector selector = Selector.open();
                    FdChannel channel = FdChannel.openForJdkSelector(EventFd.open(1))) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ);
                System.out.println(selector.select() + " selected by "
                        + selector.getClass().getName());
            }
        }
    }

    private static String run(Class<?> program, String... options) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(List.of(options));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), program.getName()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }

    @Test
    void unchangedProgram_usesTheProvider() throws Exception {
        assertThat(run(UnchangedProgram.class, PROVIDER, NATIVE_ACCESS))
                .isEqualToIgnoringNewLines(
                        "1 selected by FdSelector[" + Backend.best() + ", 1 keys], socket FdSocketChannel");
    }

    @ParameterizedTest
    @EnumSource(names = {"SELECT", "POLL"})
    void property_namesTheBackend(Backend backend) throws Exception {
        assertThat(run(
                        UnchangedProgram.class,
                        PROVIDER,
                        NATIVE_ACCESS,
                        "-Dio.selectors4j.nio.backend=" + backend.name().toLowerCase(java.util.Locale.ROOT)))
                .contains("FdSelector[" + backend);
    }

    @Test
    void unknownBackend_isNamed() throws Exception {
        assertThat(run(UnchangedProgram.class, PROVIDER, NATIVE_ACCESS, "-Dio.selectors4j.nio.backend=IOCP"))
                .contains("io.selectors4j.nio.backend")
                .contains("IOCP")
                .contains("EPOLL")
                .doesNotContain("selected");
    }

    @Test
    void missingNativeAccess_flagIsNamed() throws Exception {
        assertThat(run(UnchangedProgram.class, PROVIDER, "--illegal-native-access=deny"))
                .contains("--enable-native-access=ALL-UNNAMED")
                .doesNotContain("selected");
    }

    @Test
    void jarAlone_changesNothing() throws Exception {
        assertThat(run(UnchangedProgram.class, NATIVE_ACCESS))
                .contains("sun.nio.ch")
                .doesNotContain("FdSelector");
        assertThat(ServiceLoader.load(SelectorProvider.class)).isEmpty();
    }

    @Test
    void jdkSelector_takesAChannelOfAnyDescriptor() throws Exception {
        assertThat(run(JdkSelectorProgram.class, NATIVE_ACCESS, "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED"))
                .contains("1 selected by sun.nio.ch");
    }

    @Test
    void jdkSelectorWithoutTheExport_flagIsNamed() throws Exception {
        assertThat(run(JdkSelectorProgram.class, NATIVE_ACCESS))
                .contains("UnsupportedOperationException")
                .contains("--add-exports java.base/sun.nio.ch=ALL-UNNAMED")
                .doesNotContain("selected");
    }
}
