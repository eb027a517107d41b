import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Static assertions of C, one per line.
final class Assertions {

    private static final Pattern IN_COMMENT = Pattern.compile("/\\* (.*) \\*/");

    /// The type of a parameter for which the library passes 64 bits, whatever its width.
    static final String SOCKET = "Winsock";

    /// The value of a constant that the library does not have.
    static final String LACKING = "nothing";

    /// One assertion.
    ///
    /// @param title the title in messages
    /// @param expression the C expression: a number, or the address of a function
    /// @param ours the number or the type in the library
    /// @param line the line of C, which does not compile if they differ
    /// @param function the function whose parameter is compared; empty for other assertions
    record Assertion(String title, String expression, String ours, String line, String function) {}

    private final List<Assertion> all = new ArrayList<>();
    private final Map<String, String> symbols = new HashMap<>();

    List<Assertion> all() {
        return all;
    }

    /// Returns the symbols of the functions in the library.
    Map<String, String> symbols() {
        return symbols;
    }

    /// Adds a number. It is compared in 32 bits, as it is passed to the kernel: flags with the highest bit are negative
    /// in Java.
    ///
    /// @param where the class or the struct of the number
    /// @param expression its C expression
    /// @param ours the number in the library
    void number(String where, String expression, long ours) {
        compare(where.isEmpty() ? expression : where + ": " + expression, expression, "==", ours, "");
    }

    /// Adds a size that may be larger than in C.
    ///
    /// @param expression its C expression
    /// @param ours the size in the library
    void atLeast(String expression, long ours) {
        compare(expression, expression, "<=", ours, "");
    }

    /// Adds a constant that the library does not have on this system.
    ///
    /// @param name its C name
    void lacking(String name) {
        all.add(new Assertion(name, name, LACKING, "_Static_assert(0 * (" + name + ") != 0, \"\");", ""));
    }

    private void compare(String title, String expression, String operator, long ours, String function) {
        String line = "_Static_assert((unsigned) (%s) %s 0x%xu, \"\");".formatted(expression, operator, (int) ours);
        all.add(new Assertion(title, expression, text(ours), line, function));
    }

    /// Formats a number for a message.
    static String text(long number) {
        return "%d (0x%x)".formatted((int) number, (int) number);
    }

    /// Adds the size of a struct, and the offset and size of each field, including those of nested structs.
    ///
    /// @param struct the name of the struct in C
    /// @param layout its layout in the library
    void layout(String struct, GroupLayout layout) {
        number("", "sizeof(" + struct + ")", layout.byteSize());
        fields(struct, "", 0, layout);
    }

    private void fields(String struct, String prefix, long start, GroupLayout layout) {
        long offset = start;
        for (MemoryLayout member : layout.memberLayouts()) {
            if (!(member instanceof PaddingLayout)) {
                String field = prefix + member.name().orElseThrow();
                number("", "offsetof(" + struct + ", " + field + ")", offset);
                number("", "sizeof(((" + struct + " *) 0)->" + field + ")", member.byteSize());
                if (member instanceof GroupLayout group) {
                    fields(struct, field + ".", offset, group);
                }
            }
            offset += member.byteSize();
        }
    }

    /// Adds the type of a function, and the widths of the types it is linked with.
    ///
    /// @param name the name of the function
    /// @param symbol its symbol
    /// @param prototype its prototype; after the `...` of a variadic function, a comment with the parameters passed
    /// @param firstVariadic the index of the first variadic parameter, or -1
    /// @param types the names of the value layouts of its return value and its parameters
    void function(String name, String symbol, String prototype, int firstVariadic, List<String> types) {
        symbols.put(name, symbol);
        int open = prototype.indexOf(name + "(");
        String returned = prototype.substring(0, open).strip();
        String parameters = prototype.substring(open + name.length() + 1, prototype.length() - 1);
        String type = returned + " (*)(" + parameters.replace("struct sockaddr *", "SOCKADDR ") + ")";
        all.add(new Assertion(
                name,
                "&" + name,
                prototype,
                "_Static_assert(_Generic(&%s, %s: 1, default: 0), \"\");"
                        .formatted(name, type.replace("const SOCKADDR", "CONST_SOCKADDR")),
                ""));

        int variadic = parameters.indexOf(", ...");
        String fixed = variadic < 0 ? parameters : parameters.substring(0, variadic);
        List<String> members = new ArrayList<>(List.of(returned + " returned"));
        members.addAll(fixed.equals("void") ? List.of() : List.of(fixed.split(", ")));
        require(firstVariadic == (variadic < 0 ? -1 : members.size() - 1), name + ": first variadic " + firstVariadic);
        Matcher passed = IN_COMMENT.matcher(parameters);
        boolean allKnown = variadic < 0 || passed.find();
        if (variadic >= 0 && allKnown) {
            members.addAll(List.of(passed.group(1).split(", ")));
        }
        require(
                allKnown ? types.size() == members.size() : types.size() > members.size(),
                name + ": " + types + " for " + prototype);
        for (int i = 0; i < members.size(); i++) {
            width(name, members.get(i).replaceFirst("(\\w+)\\[\\d*]$", "*$1"), types.get(i));
        }
    }

    /// Adds the width of a parameter, which is declared as a member of a struct. A narrow integer is promoted to int,
    /// except a `short` of the binding.
    private void width(String function, String parameter, String type) {
        if (type.equals(SOCKET)) {
            return;
        }
        boolean pointer = parameter.contains("*") || parameter.matches("L?P[A-Z_]+ \\w+");
        require(pointer == type.equals("ADDRESS"), function + ": " + type + " for " + parameter);
        boolean isShort = type.equals("JAVA_SHORT");
        String field = parameter.replaceFirst(".*\\W", "") + (pointer || isShort ? "" : " + 0");
        String expression = "sizeof(((struct { " + parameter + "; } *) 0)->" + field + ")";
        compare(function + ", " + parameter, expression, "==", isShort ? 2 : type.equals("JAVA_INT") ? 4 : 8, function);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
