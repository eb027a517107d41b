import io.selectors4j.internal.bsd.KqueueConstantTable;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.ffi.Symbols;
import io.selectors4j.internal.linux.EpollEventLayout;
import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.linux.IoUringBufferRing;
import io.selectors4j.internal.linux.IoUringParams;
import io.selectors4j.internal.linux.IoUringProbe;
import io.selectors4j.internal.linux.IoUringRings;
import io.selectors4j.internal.linux.IoUringWaitArgument;
import io.selectors4j.internal.linux.IpMreqn;
import io.selectors4j.internal.linux.Itimerspec;
import io.selectors4j.internal.linux.Siginfo;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.linux.TermiosLayout;
import io.selectors4j.internal.linux.Ucred;
import io.selectors4j.internal.linux.WinsizeStruct;
import io.selectors4j.internal.posix.Constants;
import io.selectors4j.internal.posix.GroupReqLayout;
import io.selectors4j.internal.posix.IovecArray;
import io.selectors4j.internal.posix.MsghdrLayout;
import io.selectors4j.internal.posix.PollFds;
import io.selectors4j.internal.posix.SigSet;
import io.selectors4j.internal.posix.Signals;
import io.selectors4j.internal.posix.SockAddrLayout;
import io.selectors4j.internal.posix.Timespec;
import io.selectors4j.internal.sys.PollFlags;
import io.selectors4j.internal.windows.Timeval;
import java.io.IOException;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.FieldModel;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Compares the numbers, struct layouts and function types of the library's bindings with C headers: it writes them as
/// static assertions of C, which a C compiler checks.
///
/// The values come from the library: constants from its class files, tables and layouts from its classes, functions
/// from the comment and the `FunctionDescriptor` of each binding. No native function is called, so the compiler may be
/// a cross compiler for another system.
///
/// Arguments: the library's directory; `--cc COMMAND`; `--print` to print the C source. The exit code is 1 if an
/// assertion fails. A name that the headers do not have, because it is newer, is reported and is not a failure.
final class AbiCheck {

    /// The names of constants that the library names as C does.
    private static final Pattern CONSTANT = Pattern.compile(
            "(AF|CLD|CLOCK|EFD|EPOLL|F|FD|IN|IORING|IOSQE|IP|IPPROTO|IPV6|MAP|MFD|MSG|O|P|PROT|SHUT|SIG|SO|SOCK|SOL|SYS|TCP"
                    + "|TFD|TIOCPKT|VMADDR)_[A-Z0-9_]+|E?POLL[A-Z]+|TIOC[A-Z]+|SIG[A-Z]+[0-9]|WNOHANG|WEXITED|WNOWAIT|PIPE_BUF"
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

    /// The prototypes of functions that differ from the comment of the binding.
    private static final Map<String, String> OTHER_TYPES = Map.of(
            "NetBSD kevent",
            "int kevent(int kq, const struct kevent *changelist, size_t nchanges, struct kevent *eventlist, size_t"
                    + " nevents, const struct timespec *timeout)");

    /// The constants that Windows has under another name.
    private static final Map<String, String> NAMES_OF_WINDOWS = Map.of(
            "SHUT_RD", "SD_RECEIVE", "SHUT_WR", "SD_SEND", "SHUT_RDWR", "SD_BOTH", "IP_DONTFRAG", "IP_DONTFRAGMENT");

    private static final String MUSL_HALF = "the low half of the 8 bytes that selectors4j writes";

    /// Intended differences from a C library, and the reasons.
    private static final Map<String, String> DIFFERENT = Map.ofEntries(
            Map.entry("Linux musl Constants: O_ACCMODE", "the kernel's value; musl adds O_PATH to it"),
            Map.entry("Linux musl ioctl", "the kernel reads only the low 32 bits of the request"),
            Map.entry(
                    "Linux musl sizeof(((struct msghdr *) 0)->msg_iovlen)", "followed by padding that musl sets to 0"),
            Map.entry(
                    "Linux musl sizeof(((struct msghdr *) 0)->msg_controllen)",
                    "followed by padding that musl sets to 0"),
            Map.entry("Linux musl offsetof(struct msghdr, msg_iovlen)", MUSL_HALF),
            Map.entry("Linux musl offsetof(struct msghdr, msg_controllen)", MUSL_HALF),
            Map.entry("OpenBSD KqueueConstantTable: EV_SYSFLAGS", "the value of a newer header"),
            Map.entry("OpenBSD SockAddr: sizeof(struct sockaddr_storage)", "no known address is longer"),
            Map.entry("NetBSD the symbol of ppoll", "pollts, which older versions have too"),
            Map.entry(
                    "NetBSD the symbol of pthread_sigmask",
                    "the function itself, not the stub for programs without threads"),
            Map.entry("NetBSD the symbol of kevent", "NetBSD 11 has another symbol, for a longer struct"),
            Map.entry("NetBSD sizeof(struct kevent)", "NetBSD 11 has another struct, for another symbol"));

    private static final Pattern BINDING = Pattern.compile(
            "\\blink(Variadic|IfPresent|AsLongs|WithBuffer|KeepingOpen)?\\( ?(?:\\w+, )?\"(\\w+)\", (?:(\\d+), )?"
                    + "FunctionDescriptor\\.of\\(([^)]*)\\)");

    private final Path library;
    private final CCompiler compiler;
    private final boolean print;
    private final Set<String> missing = new LinkedHashSet<>();
    private final Set<String> unexpected = new LinkedHashSet<>();
    private int passed;
    private int failed;

    private AbiCheck(Path library, CCompiler compiler, boolean print) {
        this.library = library;
        this.compiler = compiler;
        this.print = print;
    }

    public static void main(String[] args) throws IOException {
        String command = "cc";
        boolean print = false;
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--cc" -> command = args[++i];
                case "--print" -> print = true;
                default -> throw new IllegalArgumentException("no option of abi-check: " + args[i]);
            }
        }
        Path library = Path.of(args[0]);
        CCompiler compiler = new CCompiler(List.of(command.split(" ")), library.resolve("target/abi-check"));
        if (!compiler.works()) {
            System.out.println("abi-check: no C compiler " + command + " was found, so nothing was compared.");
            System.exit(command.equals("cc") ? 0 : 1);
        }
        var check = new AbiCheck(library, compiler, print);
        check.checkAll();
        System.out.println("abi-check, " + compiler + ": " + check.passed + " passed, " + check.failed + " failed");
        System.exit(check.failed > 0 || check.passed == 0 ? 1 : 0);
    }

    private void checkAll() throws IOException {
        if (compiler.os() == Os.WINDOWS) {
            checkWindows();
            report();
            return;
        }
        boolean linux = compiler.os() == Os.LINUX;
        Assertions libc = new Assertions();
        Assertions terminals = new Assertions();
        Assertions kqueue = new Assertions();
        constants(libc, terminals);
        numbers(libc);
        libc.layout("struct timespec", Timespec.LAYOUT);
        libc.layout("struct pollfd", PollFds.LAYOUT);
        libc.layout("struct iovec", IovecArray.LAYOUT);
        libc.layout("struct msghdr", MsghdrLayout.of(compiler.os()).layout());
        if (Constants.table(new Platform(compiler.os(), compiler.arch())).containsKey("MCAST_JOIN_GROUP")) {
            GroupReqLayout group = GroupReqLayout.of(compiler.os());
            libc.layout("struct group_req", group.groupReq());
            libc.layout("struct group_source_req", group.groupSourceReq());
        }
        functions(libc, "posix");
        kqueue(kqueue, KqueueSystem.of(compiler.os()));
        if (linux) {
            linux(libc);
            terminals(terminals);
            check("libc", Headers.LIBC + Headers.OF_LINUX, libc);
            check("terminals", Headers.TERMINALS_OF_LINUX, terminals);
        } else {
            libc.layout("struct winsize", WinsizeStruct.LAYOUT);
            check("libc", Headers.LIBC + Headers.OF_BSD, libc);
        }
        if (!linux || compiler.has(Headers.KQUEUE)) { // libkqueue's
            check("kqueue", Headers.KQUEUE, kqueue);
        }
        report();
    }

    /// Windows shares the constants of sockets with the other systems, and has functions of its own.
    private void checkWindows() throws IOException {
        Assertions winsock = new Assertions();
        Constants.table(new Platform(Os.WINDOWS, compiler.arch()))
                .forEach((name, number) ->
                        winsock.number("Constants", NAMES_OF_WINDOWS.getOrDefault(name, name), number));
        for (int number = 1; number < 12_000; number++) {
            String name = Errno.name(new Platform(Os.WINDOWS, compiler.arch()), number);
            if (!name.equals("errno")) {
                winsock.number("Errno", name, number);
            }
        }
        constants(winsock, winsock);
        winsock.number(
                "SockAddrLayout",
                "sizeof(struct sockaddr_un)",
                SockAddrLayout.of(Os.WINDOWS).sockaddrUn());
        winsock.layout("WSAPOLLFD", PollFds.WSAPOLLFD);
        winsock.layout("struct timeval", Timeval.LAYOUT);
        winsock.number("SocketSets", "offsetof(struct fd_set, fd_array)", Long.BYTES);
        winsock.number("SocketSets", "sizeof(SOCKET)", Long.BYTES);
        winsock.number("IovecArray", "offsetof(WSABUF, buf)", Long.BYTES);
        winsock.number("IovecArray", "sizeof(WSABUF)", IovecArray.LAYOUT.byteSize());
        GroupReqLayout group = GroupReqLayout.of(Os.WINDOWS);
        winsock.layout("struct group_req", group.groupReq());
        winsock.layout("struct group_source_req", group.groupSourceReq());
        functions(winsock, "windows");
        functions(winsock, "posix");
        check("winsock", Headers.OF_WINDOWS, winsock);
    }

    private void report() {
        if (!unexpected.isEmpty()) {
            System.out.println(unexpected.size() + " in these headers that are missing in selectors4j: "
                    + String.join(", ", unexpected));
        }
        if (!missing.isEmpty()) {
            System.out.println(missing.size() + " not in these headers: " + String.join(", ", missing));
        }
    }

    /// Adds the constants of all classes. They are read from class files, so no class is initialized.
    private void constants(Assertions libc, Assertions terminals) throws IOException {
        Set<String> seen = new HashSet<>();
        Set<String> unused = new TreeSet<>(OWN_NAMES.keySet());
        List<Path> files = new ArrayList<>(files(library.resolve("target/classes"), ".class"));
        files.sort(Comparator.comparing(
                file -> !file.toString().contains("/internal/"))); // other classes copy their constants from these
        for (Path file : files) {
            if (compiler.os() == Os.WINDOWS && !file.toString().contains("/internal/windows/")) {
                continue;
            }
            if (compiler.os() != Os.LINUX
                    && compiler.os() != Os.WINDOWS
                    && !file.toString().matches(".*/internal/(posix|bsd)/.*")) {
                continue; // the other packages are for Linux only
            }
            String type = file.getFileName().toString().replace(".class", "");
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
        if (compiler.os() == Os.LINUX && !unused.isEmpty()) {
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

    /// Adds the constants whose numbers differ between systems.
    private void numbers(Assertions libc) throws IOException {
        Os os = compiler.os();
        Platform platform = new Platform(os, compiler.arch());
        Map<String, Integer> table = Constants.table(platform);
        table.forEach((name, number) -> libc.number("Constants", name, number));
        Stream.of(Os.LINUX, Os.MACOS, Os.FREEBSD)
                .flatMap(other -> Constants.table(new Platform(other, Arch.X86_64)).keySet().stream())
                .filter(name -> !table.containsKey(name))
                .distinct()
                .forEach(libc::lacking);
        for (int number = 1; number < 256; number++) {
            if (!Errno.name(platform, number).equals("errno")) {
                libc.number("Errno", Errno.name(platform, number), number);
            }
        }
        for (String name : compiler.macros("errno.h", "E(?!LAST)[A-Z0-9]+")) {
            if (Errno.known(platform, name).isEmpty()) {
                unexpected.add("Errno: " + name);
            } else {
                libc.number(
                        "Errno", name, Errno.number(platform, name)); // also of those that have no number of their own
            }
        }
        for (int number = 1; number <= 31; number++) {
            libc.number("Signals", Signals.name(os, number), number);
        }
        SockAddrLayout address = SockAddrLayout.of(os);
        libc.number("SockAddrLayout", "AF_INET6", address.inet6());
        libc.number("SockAddrLayout", "offsetof(struct sockaddr, sa_family)", address.hasLength() ? 1 : 0);
        libc.number("SockAddrLayout", "sizeof(struct sockaddr_un)", address.sockaddrUn());
        libc.atLeast("sizeof(sigset_t)", SigSet.SIZE);
    }

    private void linux(Assertions libc) throws IOException {
        for (String prefix : List.of("POLL", "EPOLL")) {
            for (int flag = 1; flag <= 0x2000; flag <<= 1) {
                String name = PollFlags.toString(prefix, flag);
                if (name.startsWith(prefix) && !name.equals("EPOLLNVAL")) { // only poll has it
                    libc.number("PollFlags", name, flag);
                }
            }
        }
        libc.layout("struct epoll_event", EpollEventLayout.of(compiler.arch()).layout());
        libc.layout("struct itimerspec", Itimerspec.LAYOUT);
        libc.layout("struct inotify_event", InotifyBuffer.LAYOUT);
        libc.layout("siginfo_t", Siginfo.LAYOUT);
        libc.layout("struct ip_mreqn", IpMreqn.LAYOUT);
        libc.layout("struct ucred", Ucred.LAYOUT);
        libc.layout("struct io_uring_params", IoUringParams.LAYOUT);
        libc.layout("struct io_sqring_offsets", IoUringParams.SQ_OFFSETS);
        libc.layout("struct io_cqring_offsets", IoUringParams.CQ_OFFSETS);
        libc.layout("struct io_uring_sqe", IoUringRings.SQE);
        libc.layout("struct io_uring_cqe", IoUringRings.CQE);
        libc.layout("struct io_uring_getevents_arg", IoUringWaitArgument.LAYOUT);
        libc.layout("struct io_uring_probe", IoUringProbe.LAYOUT);
        libc.layout("struct io_uring_buf", IoUringBufferRing.BUF);
        libc.layout("struct io_uring_buf_reg", IoUringBufferRing.BUF_REG);
        functions(libc, "linux");
    }

    private void terminals(Assertions terminals) {
        boolean powerpc = compiler.arch() == Arch.PPC64LE; // its struct termios has the speeds too
        terminals.layout(
                powerpc ? "struct termios" : "struct termios2",
                TermiosLayout.of(compiler.arch()).layout());
        terminals.layout("struct winsize", WinsizeStruct.LAYOUT);
        for (RecordComponent component : TermiosConstants.class.getRecordComponents()) {
            String name = component.getName().toUpperCase(Locale.ROOT);
            try {
                Number number = (Number) component.getAccessor().invoke(TermiosConstants.of(compiler.arch()));
                String expression = powerpc ? name.replaceFirst("^(TC.ETS)2$", "$1") : name;
                terminals.number("TermiosConstants", expression, number.longValue());
            } catch (ReflectiveOperationException e) {
                throw new AssertionError(e);
            }
        }
    }

    private void kqueue(Assertions kqueue, KqueueSystem system) throws IOException {
        kqueue.layout("struct kevent", system.layout().layout());
        for (String name : KqueueConstantTable.names()) {
            if (system.has(name)) {
                kqueue.number("KqueueConstantTable", name, system.number(name));
            } else {
                kqueue.lacking(name);
            }
        }
        FunctionDescriptor kevent = KqueueLibc.keventType(system);
        List<String> types = Stream.concat(kevent.returnLayout().stream(), kevent.argumentLayouts().stream())
                .map(AbiCheck::typeName)
                .toList();
        String source = source(sources("bsd").resolve("KqueueLibc.java"));
        kqueue.function(
                "kqueue", Symbols.of(system.os(), "kqueue"), prototype(source, "kqueue"), -1, List.of("JAVA_INT"));
        kqueue.function("kevent", Symbols.of(system.os(), "kevent"), prototype(source, "kevent"), -1, types);
    }

    private static String typeName(MemoryLayout layout) {
        return layout.toString().startsWith("a")
                ? "ADDRESS"
                : layout.byteSize() == Integer.BYTES ? "JAVA_INT" : "JAVA_LONG";
    }

    /// Adds the functions of a package: each `Downcalls.link`, with the prototype in the comment that follows it.
    private void functions(Assertions libc, String directory) throws IOException {
        for (Path file : files(sources(directory), ".java")) {
            boolean vectors = file.endsWith("WinsockVectors.java");
            if (directory.equals("posix") && vectors != (compiler.os() == Os.WINDOWS)) {
                continue; // Windows shares the other functions, with other types
            }
            String source = source(file);
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
    private static String source(Path file) throws IOException {
        return Files.readString(file).replaceAll("\\s*\\n\\s*(///)?\\s*", " ");
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    private void check(String title, String headers, Assertions assertions) throws IOException {
        List<String> lines = CCompiler.includes(headers);
        Headers.SOCKADDR.lines().forEach(lines::add);
        List<String> head = new ArrayList<>(lines);
        assertions.all().forEach(assertion -> lines.add(assertion.line()));
        if (print) {
            lines.forEach(System.out::println);
        }
        Map<Integer, String> errors = compiler.errors(title, lines);
        for (int line : errors.keySet()) {
            if (line < head.size()) {
                missing.add(head.set(line, ""));
            }
        }
        for (int i = 0; i < assertions.all().size(); i++) {
            judge(assertions.all().get(i), errors.get(head.size() + i), head, title + "-value");
        }
        Map<String, String> ours = new TreeMap<>(assertions.symbols());
        ours.keySet().removeAll(missing);
        Map<String, String> theirs = compiler.symbols(title + "-symbols", head, ours.keySet());
        for (String function : ours.keySet()) {
            String symbol = theirs.getOrDefault(function, "unknown");
            count("the symbol of " + function, ours.get(function), symbol.equals(ours.get(function)) ? null : symbol);
        }
    }

    private void judge(Assertions.Assertion assertion, String error, List<String> head, String file)
            throws IOException {
        if (missing.contains(assertion.function())) {
            return; // its parameters say nothing
        }
        boolean unknown = error != null && !error.matches("static.assert.*"); // some name in it, then
        boolean lacking = assertion.ours().equals(Assertions.LACKING);
        if (lacking && !unknown) {
            unexpected.add(assertion.title());
        } else if (unknown && !lacking) {
            missing.add(assertion.title());
        } else if (!lacking) {
            count(
                    assertion.title(),
                    assertion.ours(),
                    error == null ? null : compiler.value(file, head, assertion.expression()));
        }
    }

    /// Counts and prints a result.
    ///
    /// @param theirs the value in the headers; null if it is the same
    private void count(String title, String ours, String theirs) {
        if (theirs == null) {
            passed++;
            return;
        }
        String reason = DIFFERENT.get(compiler.system() + " " + title);
        failed += reason == null ? 1 : 0;
        System.out.println(reason == null ? "FAILED " + title : title + " differs: " + reason);
        System.out.println("    selectors4j: " + ours);
        System.out.println("    the headers: " + theirs);
    }
}
