package io.selectors4j.internal.doctor;

import io.selectors4j.Selectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/// The agent of the jar, which is loaded into a running program and prints [Selectors#dumpAll]:
///
/// ```sh
/// jcmd PID JVMTI.agent_load /path/to/selectors4j.jar [/path/to/FILE]
/// ```
public final class Agent {

    private Agent() {}

    /// Called by the Java virtual machine when the agent is loaded.
    ///
    /// @param file the file to create; null or empty for the standard error
    /// @throws IOException if the file exists, or cannot be written
    public static void agentmain(@Nullable String file) throws IOException {
        String text = Selectors.dumpAll();
        if (file == null || file.isEmpty()) {
            System.err.print(text);
        } else {
            Files.writeString(Path.of(file), text, StandardOpenOption.CREATE_NEW);
        }
    }
}
