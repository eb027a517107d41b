import io.selectors4j.internal.bsd.KqueueConstantTable;
import io.selectors4j.internal.bsd.KqueueLibc;
import io.selectors4j.internal.bsd.KqueueSystem;
import io.selectors4j.internal.ffi.Errno;
import io.selectors4j.internal.ffi.Platform;
import io.selectors4j.internal.ffi.Platform.Arch;
import io.selectors4j.internal.ffi.Platform.Os;
import io.selectors4j.internal.ffi.Symbols;
import io.selectors4j.internal.linux.ControlStructs;
import io.selectors4j.internal.linux.EpollEventLayout;
import io.selectors4j.internal.linux.InotifyBuffer;
import io.selectors4j.internal.linux.IoUringBufferRing;
import io.selectors4j.internal.linux.IoUringParams;
import io.selectors4j.internal.linux.IoUringProbe;
import io.selectors4j.internal.linux.IoUringRings;
import io.selectors4j.internal.linux.IoUringWaitArgument;
import io.selectors4j.internal.linux.IpMreqn;
import io.selectors4j.internal.linux.Itimerspec;
import io.selectors4j.internal.linux.LinuxConstants;
import io.selectors4j.internal.linux.MmsghdrArray;
import io.selectors4j.internal.linux.Sigaction;
import io.selectors4j.internal.linux.Siginfo;
import io.selectors4j.internal.linux.SpawnAttributes;
import io.selectors4j.internal.linux.SpawnFileActions;
import io.selectors4j.internal.linux.Statx;
import io.selectors4j.internal.linux.TcpInfoLayout;
import io.selectors4j.internal.linux.TermiosConstants;
import io.selectors4j.internal.linux.TermiosLayout;
import io.selectors4j.internal.linux.Ucred;
import io.selectors4j.internal.linux.WinsizeStruct;
import io.selectors4j.internal.posix.CmsghdrLayout;
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
import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Compares the numbers, struct layouts and function types of the library's bindings with C headers: it writes them as
/// static assertions of C, which a C compiler checks.
///
/// The values come from the library: constants from its class files, tables and layouts from its classes, functions
/// from the comment and the `FunctionDescriptor` of each binding. No native function is called, so the compiler may be
/// a cross compiler for another system.
///
/// Arguments: the library's directory; `--cc COMMAND`, which may be repeated; `--print` to print the C source. Without
/// `--cc`, each of two compilers is used if it is installed: the one of this system, and mingw-w64's for Windows. The
/// exit code is 1 if an assertion fails, or if a command of `--cc` is not installed. A name that the headers do not
/// have, because it is newer, is reported and is not a failure.
final class AbiCheck {

    /// The compilers without `--cc`.
    private static final List<String> COMPILERS = List.of("cc", "x86_64-w64-mingw32-gcc");

    private static final String MUSL_HALF = "the low half of the 8 bytes that selectors4j writes";
    private static final String MUSL_PADDING = "followed by padding, which is 0";
    private static final String MUSL_FLAGS = "flags are never negative";

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
            Map.entry("Linux musl sizeof(((struct cmsghdr *) 0)->cmsg_len)", MUSL_PADDING),
            Map.entry("Linux musl offsetof(struct cmsghdr, cmsg_len)", MUSL_HALF),
            Map.entry("Linux musl sizeof(((struct mmsghdr *) 0)->msg_hdr.msg_iovlen)", MUSL_PADDING),
            Map.entry("Linux musl sizeof(((struct mmsghdr *) 0)->msg_hdr.msg_controllen)", MUSL_PADDING),
            Map.entry("Linux musl offsetof(struct mmsghdr, msg_hdr.msg_iovlen)", MUSL_HALF),
            Map.entry("Linux musl offsetof(struct mmsghdr, msg_hdr.msg_controllen)", MUSL_HALF),
            Map.entry("Linux musl recvmmsg", MUSL_FLAGS),
            Map.entry("Linux musl sendmmsg", MUSL_FLAGS),
            Map.entry("OpenBSD KqueueConstantTable: EV_SYSFLAGS", "the value of a newer header"),
            Map.entry("OpenBSD SockAddr: sizeof(struct sockaddr_storage)", "no known address is longer"),
            Map.entry("NetBSD the symbol of ppoll", "pollts, which older versions have too"),
            Map.entry(
                    "NetBSD the symbol of pthread_sigmask",
                    "the function itself, not the stub for programs without threads"),
            Map.entry("NetBSD the symbol of kevent", "NetBSD 11 has another symbol, for a longer struct"),
            Map.entry("NetBSD sizeof(struct kevent)", "NetBSD 11 has another struct, for another symbol"),
            Map.entry("Windows select", "mingw-w64 10 has a constant pointer in place of a pointer to a constant"));

    private final CCompiler compiler;
    private final LibraryConstants constants;
    private final LibraryFunctions functions;
    private final boolean print;
    private final Set<String> missing = new LinkedHashSet<>();
    private final Set<String> unexpected = new LinkedHashSet<>();
    private int passed;
    private int failed;

    private AbiCheck(Path library, CCompiler compiler, boolean print) {
        this.compiler = compiler;
        constants = new LibraryConstants(library, compiler.os());
        functions = new LibraryFunctions(library, compiler);
        this.print = print;
    }

    public static void main(String[] args) throws IOException {
        List<String> commands = new ArrayList<>();
        boolean print = false;
        for (int i = 1; i < args.length; i++) {
            switch (args[i]) {
                case "--cc" -> commands.add(args[++i]);
                case "--print" -> print = true;
                default -> throw new IllegalArgumentException("no option of abi-check: " + args[i]);
            }
        }
        Path library = Path.of(args[0]);
        boolean passed = true;
        for (String command : commands.isEmpty() ? COMPILERS : commands) {
            CCompiler compiler = new CCompiler(List.of(command.split(" ")), library.resolve("target/abi-check"));
            if (compiler.works()) {
                passed &= new AbiCheck(library, compiler, print).passes();
            } else {
                System.out.println(
                        "abi-check: there is no C compiler " + command + ", so its headers are not compared.");
                passed &= commands.isEmpty();
            }
        }
        System.exit(passed ? 0 : 1);
    }

    /// Compares everything, prints the results and returns whether no assertion failed.
    private boolean passes() throws IOException {
        checkAll();
        System.out.println("abi-check, " + compiler + ": " + passed + " passed, " + failed + " failed");
        return failed == 0 && passed > 0;
    }

    private void checkAll() throws IOException {
        if (compiler.os() == Os.WINDOWS) {
            check("winsock", Headers.OF_WINDOWS, WindowsAssertions.create(constants, functions, compiler.arch()));
            report();
            return;
        }
        boolean linux = compiler.os() == Os.LINUX;
        Assertions libc = new Assertions();
        Assertions terminals = new Assertions();
        Assertions kqueue = new Assertions();
        constants.addTo(libc, terminals);
        numbers(libc);
        libc.layout("struct timespec", Timespec.LAYOUT);
        libc.layout("struct pollfd", PollFds.LAYOUT);
        libc.layout("struct iovec", IovecArray.LAYOUT);
        libc.layout("struct msghdr", MsghdrLayout.of(compiler.os()).layout());
        CmsghdrLayout control = CmsghdrLayout.of(compiler.os());
        libc.layout("struct cmsghdr", control.layout());
        for (int length : new int[] {0, 1, 4, 8, 12, 20}) {
            libc.number("CmsghdrLayout", "CMSG_LEN(" + length + ")", control.length(length));
            libc.number("CmsghdrLayout", "CMSG_SPACE(" + length + ")", control.space(length));
        }
        if (Constants.table(new Platform(compiler.os(), compiler.arch())).containsKey("MCAST_JOIN_GROUP")) {
            GroupReqLayout group = GroupReqLayout.of(compiler.os());
            libc.layout("struct group_req", group.groupReq());
            libc.layout("struct group_source_req", group.groupSourceReq());
        }
        functions.addTo(libc, "posix");
        kqueue(kqueue, KqueueSystem.of(compiler.os()));
        if (linux) {
            linux(libc);
            terminals(terminals);
            check("libc", Headers.LIBC + Headers.OF_LINUX, libc);
            check("terminals", Headers.TERMINALS_OF_LINUX, terminals);
            check("tcp", Headers.TCP_OF_LINUX, tcpInfo());
            check("gpio", Headers.GPIO_OF_LINUX, gpio());
        } else {
            libc.layout("struct winsize", WinsizeStruct.LAYOUT);
            check("libc", Headers.LIBC + Headers.OF_BSD, libc);
        }
        if (!linux || compiler.has(Headers.KQUEUE)) { // libkqueue's
            check("kqueue", Headers.KQUEUE, kqueue);
        }
        report();
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
            for (int flag = 1; flag != 0; flag <<= 1) {
                String name = PollFlags.toString(prefix, flag);
                if (name.startsWith(prefix) && !name.equals("EPOLLNVAL")) { // only poll has it
                    libc.number("PollFlags", name, Integer.toUnsignedLong(flag));
                }
            }
        }
        libc.number("LinuxConstants", "SO_PASSCRED", LinuxConstants.soPasscred(compiler.arch()));
        libc.number("LinuxConstants", "TUNSETIFF", LinuxConstants.tunsetiff(compiler.arch()));
        libc.layout("struct epoll_event", EpollEventLayout.of(compiler.arch()).layout());
        libc.layout("struct itimerspec", Itimerspec.LAYOUT);
        libc.layout("struct inotify_event", InotifyBuffer.LAYOUT);
        libc.layout("siginfo_t", Siginfo.LAYOUT);
        libc.atLeast("sizeof(struct sigaction)", Sigaction.SIZE);
        libc.atLeast("sizeof(posix_spawn_file_actions_t)", SpawnFileActions.SIZE);
        libc.atLeast("sizeof(posix_spawnattr_t)", SpawnAttributes.SIZE);
        libc.layout("struct ip_mreqn", IpMreqn.LAYOUT);
        libc.layout("struct sock_extended_err", ControlStructs.SOCK_EXTENDED_ERR);
        libc.layout("struct in_pktinfo", ControlStructs.IN_PKTINFO);
        libc.layout("struct in6_pktinfo", ControlStructs.IN6_PKTINFO);
        libc.layout("struct mmsghdr", MmsghdrArray.LAYOUT);
        libc.layout("struct ucred", Ucred.LAYOUT);
        libc.layout("struct statx", Statx.LAYOUT);
        libc.layout("struct io_uring_params", IoUringParams.LAYOUT);
        libc.layout("struct io_sqring_offsets", IoUringParams.SQ_OFFSETS);
        libc.layout("struct io_cqring_offsets", IoUringParams.CQ_OFFSETS);
        libc.layout("struct io_uring_sqe", IoUringRings.SQE);
        libc.layout("struct io_uring_cqe", IoUringRings.CQE);
        libc.layout("struct io_uring_getevents_arg", IoUringWaitArgument.LAYOUT);
        libc.layout("struct io_uring_probe", IoUringProbe.LAYOUT);
        libc.layout("struct io_uring_buf", IoUringBufferRing.BUF);
        libc.layout("struct io_uring_buf_reg", IoUringBufferRing.BUF_REG);
        functions.addTo(libc, "linux");
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

    /// Returns the constants of the recipe, which has the C expression of each in a comment.
    private Assertions gpio() throws IOException {
        Assertions gpio = new Assertions();
        String recipe = Files.readString(constants.library().resolveSibling("examples/recipes/GpioEvents.java"));
        Matcher constant = Pattern.compile("static final \\w+ (\\w+) = (\\w+)L?(?: << (\\d))?; // (\\w.*)")
                .matcher(recipe);
        while (constant.find()) {
            boolean differs = constant.group(1).equals("GET_LINE") && compiler.arch() == Arch.PPC64LE;
            if (!differs) {
                int shift = constant.group(3) == null ? 0 : Integer.parseInt(constant.group(3));
                gpio.number(
                        "GpioEvents",
                        constant.group(4),
                        Long.decode(constant.group(2).replace("L", "")) << shift);
            }
        }
        return gpio;
    }

    private static Assertions tcpInfo() {
        Assertions tcp = new Assertions();
        for (MemoryLayout field : TcpInfoLayout.LAYOUT.memberLayouts()) {
            field.name()
                    .ifPresent(name ->
                            tcp.number("", "offsetof(struct tcp_info, " + name + ")", TcpInfoLayout.offset(name)));
        }
        return tcp;
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
                .map(LibraryFunctions::typeName)
                .toList();
        kqueue.function(
                "kqueue",
                Symbols.of(system.os(), "kqueue"),
                functions.prototype("bsd", "KqueueLibc", "kqueue"),
                -1,
                List.of("JAVA_INT"));
        kqueue.function(
                "kevent",
                Symbols.of(system.os(), "kevent"),
                functions.prototype("bsd", "KqueueLibc", "kevent"),
                -1,
                types);
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
