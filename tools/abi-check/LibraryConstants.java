import io.selectors4j.internal.ffi.Platform.Os;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.FieldModel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The constants of the library's classes, read from their class files, so that no class is initialized.
final class LibraryConstants {

    /// The names of constants that the library names as C does.
    private static final Pattern CONSTANT = Pattern.compile(
            "(AF|AT|CLD|CLOCK|EFD|EPOLL|F|FD|IFF|IN|IORING|IOSQE|IP|IPPROTO|IPV6|MAP|MFD|MSG|O|P|POSIX_SPAWN|PROT|SCM|SEEK|SHUT|SIG|SO|SOCK|SOL|SPLICE"
                    + "|STATX|SYS|TCP|TFD|TIOCPKT|UDP|VMADDR)_[A-Z0-9_]+|E?POLL[A-Z]+|TIOC[A-Z]+|SIG[A-Z]+[0-9]|WNOHANG|WEXITED|WNOWAIT|PIPE_BUF"
                    + "|BRKINT|CMSPAR|CRTSCTS|ICRNL|IGNBRK|IGNCR|INLCR|ISTRIP|OPOST|PARMRK");

    /// The C expressions of constants that have other names in the library, by class and name.
    private static final Map<String, String> OWN_NAMES = """
            SockAddr.SOCKADDR_IN sizeof(struct sockaddr_in)
            SockAddr.SOCKADDR_IN6 sizeof(struct sockaddr_in6)
            SockAddr.SOCKADDR_STORAGE sizeof(struct sockaddr_storage)
            SockAddr.PORT offsetof(struct sockaddr_in6, sin6_port)
            SockAddr.IN_ADDR offsetof(struct sockaddr_in, sin_addr)
            SockAddr.IN6_ADDR offsetof(struct sockaddr_in6, sin6_addr)
            SockAddr.IN6_SCOPE_ID offsetof(struct sockaddr_in6, sin6_scope_id)
            SockAddrLayout.HEAD offsetof(struct sockaddr_un, sun_path)
            RawSocketAddress.NETLINK_SIZE sizeof(struct sockaddr_nl) - sizeof(sa_family_t)
            RawSocketAddress.NL_PID offsetof(struct sockaddr_nl, nl_pid) - sizeof(sa_family_t)
            RawSocketAddress.NL_GROUPS offsetof(struct sockaddr_nl, nl_groups) - sizeof(sa_family_t)
            RawSocketAddress.VSOCK_SIZE sizeof(struct sockaddr_vm) - sizeof(sa_family_t)
            RawSocketAddress.SVM_PORT offsetof(struct sockaddr_vm, svm_port) - sizeof(sa_family_t)
            RawSocketAddress.SVM_CID offsetof(struct sockaddr_vm, svm_cid) - sizeof(sa_family_t)
            """.lines()
            .collect(Collectors.toMap(line -> line.replaceFirst(" .*", ""), line -> line.replaceFirst("^\\S+ ", "")));

    private final Path library;
    private final Os os;

    /// Creates a reader of the constants.
    ///
    /// @param library the library's directory
    /// @param os the system whose constants are read
    LibraryConstants(Path library, Os os) {
        this.library = library;
        this.os = os;
    }

    /// Returns the library's directory.
    Path library() {
        return library.toAbsolutePath().normalize();
    }

    /// Adds the constants of all classes that the system uses.
    ///
    /// @param libc receives all constants but those of terminals
    /// @param terminals receives the constants of terminals
    void addTo(Assertions libc, Assertions terminals) throws IOException {
        Set<String> seen = new HashSet<>();
        Set<String> unused = new TreeSet<>(OWN_NAMES.keySet());
        List<Path> files = new ArrayList<>(files(library.resolve("target/classes"), ".class"));
        files.sort(Comparator.comparing(
                file -> !file.toString().contains("/internal/"))); // other classes copy their constants from these
        for (Path file : files) {
            if (os == Os.WINDOWS && !file.toString().contains("/internal/windows/")) {
                continue;
            }
            if (os != Os.LINUX && os != Os.WINDOWS && !file.toString().matches(".*/internal/(posix|bsd)/.*")) {
                continue; // the other packages are for Linux only
            }
            String type = file.getFileName().toString().replace(".class", "");
            if (os != Os.LINUX && type.equals("PollFds")) {
                continue; // the flags of Linux, which it converts on Windows only
            }
            for (FieldModel field : ClassFile.of().parse(file).fields()) {
                String name = field.fieldName().stringValue();
                String expression = OWN_NAMES.getOrDefault(type + "." + name, cName(type, name));
                unused.remove(type + "." + name);
                Object value = field.findAttribute(Attributes.constantValue())
                        .<Object>map(attribute -> attribute.constant().constantValue())
                        .orElse("");
                if (expression != null && value instanceof Number number && seen.add(expression + number)) {
                    (type.equals("TermiosConstants") ? terminals : libc).number(type, expression, number.longValue());
                }
            }
        }
        if (os == Os.LINUX && !unused.isEmpty()) {
            throw new IllegalStateException("the library has no constants " + unused);
        }
    }

    private static String cName(String type, String name) {
        if (type.equals("PollMask") && name.matches("IN|PRI|OUT|ERR|HUP|NVAL|RDHUP")) {
            return "POLL" + name;
        }
        if (name.startsWith("SYS_")) {
            return "SYS_" + name.substring(4).toLowerCase(Locale.ROOT);
        }
        return CONSTANT.matcher(name).matches() ? name : null;
    }

    /// Returns the files below a directory whose names have a suffix, sorted.
    static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
