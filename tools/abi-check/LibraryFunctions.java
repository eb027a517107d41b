import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.ffi.Symbols;
import java.io.IOException;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The functions of the library's bindings, read from their sources: the types from the `FunctionDescriptor`, the
/// prototype from the comment.
final class LibraryFunctions {

    /// The prototypes of functions that differ from the comment of the binding.
    private static final Map<String, String> OTHER_TYPES = Map.of(
            "NetBSD kevent",
            "int kevent(int kq, const struct kevent *changelist, size_t nchanges, struct kevent *eventlist, size_t"
                    + " nevents, const struct timespec *timeout)");

    private static final Pattern BINDING = Pattern.compile(
            "\\blink(Variadic|IfPresent|AsLongs|WithBuffer|KeepingOpen)?\\( ?(?:\\w+, )?\"(\\w+)\", (?:(\\d+), )?"
                    + "FunctionDescriptor\\.of\\(([^)]*)\\)");

    private final Path library;
    private final CCompiler compiler;

    /// Creates a reader of the functions.
    ///
    /// @param library the library's directory
    /// @param compiler the compiler, whose target has the functions
    LibraryFunctions(Path library, CCompiler compiler) {
        this.library = library;
        this.compiler = compiler;
    }

    /// Adds the functions of a package: each `Downcalls.link`, with the prototype in the comment that follows it.
    void addTo(Assertions libc, String directory) throws IOException {
        for (Path file : LibraryConstants.files(sources(directory), ".java")) {
            boolean vectors = file.endsWith("WinsockVectors.java");
            if (directory.equals("posix") && vectors != (compiler.os() == Os.WINDOWS)) {
                continue; // Windows shares the other functions, with other types
            }
            String source = withoutLineBreaks(file);
            Matcher binding = BINDING.matcher(source);
            int found = 0;
            for (; binding.find(); found++) {
                String variadic = binding.group(3);
                String name = binding.group(2);
                List<String> types = new ArrayList<>(List.of(binding.group(4)
                        .strip()
                        .replaceFirst("NfdsT\\.\\w+", nfdsT())
                        .split(", ")));
                if (vectors) {
                    types.removeLast(); // keptOpen
                }
                if (compiler.os() == Os.WINDOWS && binding.group().matches("link\\( ?\".*")) { // Downcalls widens both
                    types.set(0, Assertions.SOCKET);
                    types.set(1, Assertions.SOCKET);
                }
                libc.function(
                        name,
                        Symbols.of(compiler.os(), name),
                        prototype(source, name),
                        variadic == null ? -1 : Integer.parseInt(variadic),
                        types);
            }
            if (found != source.split("Downcalls ?\\.link", -1).length - 1) {
                throw new IllegalStateException(file + " has a Downcalls.link of a form that abi-check cannot read");
            }
        }
    }

    private String nfdsT() {
        try {
            Method of = Class.forName("io.selectors4j.internal.posix.NfdsT").getDeclaredMethod("of", Os.class);
            of.setAccessible(true);
            return typeName((MemoryLayout) of.invoke(null, compiler.os()));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    /// Returns the prototype of a function, from the source of a class without its package.
    String prototype(String directory, String type, String function) throws IOException {
        return prototype(withoutLineBreaks(sources(directory).resolve(type + ".java")), function);
    }

    private String prototype(String source, String function) {
        Matcher comment =
                Pattern.compile("`([^`]*\\b" + function + "\\([^`]*\\));`").matcher(source);
        if (!comment.find()) {
            throw new IllegalStateException("no comment has the prototype of " + function);
        }
        return OTHER_TYPES.getOrDefault(compiler.system() + " " + function, comment.group(1));
    }

    private Path sources(String directory) {
        return library.resolve("src/main/java/io/selectors4j/internal/" + directory);
    }

    /// Reads a source without line breaks, inside comments too.
    private static String withoutLineBreaks(Path file) throws IOException {
        return Files.readString(file).replaceAll("\\s*\\n\\s*(///)?\\s*", " ");
    }

    /// Returns the name that a value layout has in the sources, such as `JAVA_INT`.
    static String typeName(MemoryLayout layout) {
        return layout.toString().startsWith("a")
                ? "ADDRESS"
                : layout.byteSize() == Integer.BYTES ? "JAVA_INT" : "JAVA_LONG";
    }
}
