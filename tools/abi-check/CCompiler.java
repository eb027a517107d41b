import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A C compiler that prints errors as `file:line:column: error:`, as gcc and clang do. Its predefined macros tell the
/// target system.
final class CCompiler {

    private static final Map<String, Os> SYSTEMS = Map.of(
            "__linux__", Os.LINUX,
            "__APPLE__", Os.MACOS,
            "__FreeBSD__", Os.FREEBSD,
            "__OpenBSD__", Os.OPENBSD,
            "__NetBSD__", Os.NETBSD,
            "__DragonFly__", Os.DRAGONFLY,
            "_WIN64", Os.WINDOWS);
    private static final Map<String, Arch> ARCHITECTURES = Map.of(
            "__x86_64__", Arch.X86_64,
            "__aarch64__", Arch.AARCH64,
            "__riscv", Arch.RISCV64,
            "__s390x__", Arch.S390X,
            "__powerpc64__", Arch.PPC64LE);

    private final List<String> command;
    private final Path work;
    private final Set<String> macros = new HashSet<>();

    /// Runs the compiler once to read its predefined macros.
    ///
    /// @param command the command and options
    /// @param work a directory for temporary files
    CCompiler(List<String> command, Path work) throws IOException {
        this.command = command;
        this.work = Files.createDirectories(work);
        if (installed(command.getFirst())) {
            Compiled compiled = run("target", List.of("#include <stdio.h>"), "-dM", "-E");
            if (compiled.code() == 0) {
                macros.addAll(List.of(compiled.text().split("\\s+")));
            }
        }
    }

    private static boolean installed(String name) {
        return name.contains("/")
                ? Files.isExecutable(Path.of(name))
                : Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":"))
                        .anyMatch(directory -> Files.isExecutable(Path.of(directory, name)));
    }

    /// Tells whether it is installed and has the headers of a C library.
    boolean works() {
        return !macros.isEmpty();
    }

    Os os() {
        return pick(SYSTEMS, Os.OTHER);
    }

    Arch arch() {
        return pick(ARCHITECTURES, Arch.OTHER);
    }

    private <T> T pick(Map<String, T> byMacro, T other) {
        for (Map.Entry<String, T> entry : byMacro.entrySet()) {
            if (macros.contains(entry.getKey())) {
                return entry.getValue();
            }
        }
        return other;
    }

    /// Returns the target system, and the C library if the system has several.
    String system() {
        return os() + (os() == Os.LINUX && !macros.contains("__GLIBC__") ? " musl" : "");
    }

    @Override
    public String toString() {
        return system() + " " + arch() + " (" + String.join(" ", command) + ")";
    }

    /// Returns the lines that include headers.
    static List<String> includes(String headers) {
        List<String> lines = new ArrayList<>(
                List.of("#define _GNU_SOURCE 1", "#define _DARWIN_C_SOURCE 1", "#define WIN32_NO_STATUS"));
        for (String header : headers.strip().split("\\s+")) {
            lines.add("#include <" + header + ">");
        }
        return lines;
    }

    /// Tells whether the headers exist.
    boolean has(String headers) throws IOException {
        return run("has", includes(headers), "-E").code() == 0;
    }

    /// Returns the names of the macros of a header that match a pattern.
    Set<String> macros(String header, String pattern) throws IOException {
        Set<String> names = new TreeSet<>();
        Matcher macro = Pattern.compile("(?m)^#define (" + pattern + ") ")
                .matcher(run("macros", includes(header), "-dM", "-E").text());
        while (macro.find()) {
            names.add(macro.group(1));
        }
        return names;
    }

    /// Compiles lines, each of which may have an error.
    ///
    /// @param title the name of the file
    /// @param lines the lines of the file
    /// @return the errors, by index of the line
    /// @throws IllegalStateException if compiling fails for another reason
    Map<Integer, String> errors(String title, List<String> lines) throws IOException {
        Map<Integer, String> errors = new TreeMap<>();
        List<String> remaining = new ArrayList<>(lines);
        for (; ; ) { // repeats: a compiler may stop after a number of errors
            Compiled compiled = run(title, remaining, "-w", "-S");
            if (compiled.code() == 0) {
                return errors;
            }
            int before = errors.size();
            Matcher error = Pattern.compile("(?m)^" + Pattern.quote(compiled.file()) + ":(\\d+):.*?error: (.*)")
                    .matcher(compiled.output());
            while (error.find()) {
                int line = Integer.parseInt(error.group(1)) - 1;
                errors.putIfAbsent(line, error.group(2));
                remaining.set(line, "");
            }
            if (errors.size() == before) {
                throw new IllegalStateException(compiled.output());
            }
        }
    }

    /// Returns the value of an expression in the headers.
    ///
    /// @param title the name of the file
    /// @param head the lines that include the headers
    /// @param expression a number, or the address of a function
    /// @return the number, from the assembler text; or the type of the function, from an error message
    String value(String title, List<String> head, String expression) throws IOException {
        List<String> lines = new ArrayList<>(head);
        if (expression.startsWith("&")) {
            lines.add("int *no_function = " + expression + ";");
            Matcher type = Pattern.compile("'([^']*\\([^']*)'")
                    .matcher(run(title, lines, "-S").output());
            return type.find() ? type.group(1) : "another type";
        }
        lines.add("void f(void) {");
        lines.add("__asm__ volatile(\".ascii \\\"value %c0 \\\"\" :: \"i\"((int) (" + expression + "))); }");
        Matcher number = Pattern.compile("value (-?\\d+) ")
                .matcher(run(title, lines, "-S").text());
        return number.find() ? Assertions.text(Long.parseLong(number.group(1))) : "no constant";
    }

    /// Returns the symbols of functions: a header may give a function another symbol than its name.
    ///
    /// @param title the name of the file
    /// @param head the lines that include the headers
    /// @param functions the names of the functions
    /// @return the symbols by function, from the assembler text
    Map<String, String> symbols(String title, List<String> head, Set<String> functions) throws IOException {
        List<String> lines = new ArrayList<>(head);
        functions.forEach(function -> lines.add("void *pointer_to_" + function + " = (void *) &" + function + ";"));
        String text = run(title, lines, "-w", "-S").text();
        // macOS prefixes every C symbol with an underscore.
        String underscore = os() == Os.MACOS ? "_" : "";
        Pattern pointer = Pattern.compile("pointer_to_(\\w+):\\s+\\.\\w+\\s+\"?" + underscore + "([\\w$]+)");
        Map<String, String> symbols = new TreeMap<>();
        for (Matcher found = pointer.matcher(text); found.find(); ) {
            symbols.put(found.group(1), found.group(2));
        }
        return symbols;
    }

    /// The result of a compiler run.
    ///
    /// @param code the exit code
    /// @param file the source file
    /// @param output the messages of the compiler
    /// @param result the file that it wrote
    private record Compiled(int code, String file, String output, Path result) {

        String text() throws IOException {
            if (code != 0) {
                throw new IllegalStateException(output);
            }
            return Files.readString(result);
        }
    }

    private Compiled run(String title, List<String> lines, String... options) throws IOException {
        Path file = Files.write(work.resolve(title + ".c"), lines);
        Path result = work.resolve(title + ".out");
        List<String> all = new ArrayList<>(command);
        all.addAll(List.of(options));
        all.addAll(List.of("-o", result.toString(), file.toString()));
        ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            return new Compiled(process.waitFor(), file.toString(), output, result);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
