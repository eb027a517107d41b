import java.lang.foreign.GroupLayout;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.PaddingLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Static assertions of C, a line each.
final class Assertions {

    private static final Pattern IN_COMMENT = Pattern.compile("/\\* (.*) \\*/");

    /// What the library has of a constant that is lacking.
    static final String LACKING = "nothing";

    /// One assertion.
    ///
    /// @param title what is compared
    /// @param expression its C: a number, or the address of a function
    /// @param ours the number, or the type, that the library has
    /// @param line the line of C that does not compile if they differ
    /// @param function the function whose parameter it is about; empty if it is about none
    record Assertion(String title, String expression, String ours, String line, String function) {}

    private final List<Assertion> all = new ArrayList<>();
    private final Map<String, String> symbols = new HashMap<>();

    List<Assertion> all() {
        return all;
    }

    /// The symbols that functions are looked up by.
    Map<String, String> symbols() {
        return symbols;
    }

    /// A number. It is compared in 32 bits: that is what the kernel gets, and flags with the highest bit are negative here.
    ///
    /// @param where the class that has it, or what it is part of
    /// @param expression what it is called in C
    /// @param ours the number
    void number(String where, String expression, long ours) {
        compare(where.isEmpty() ? expression : where + ": " + expression, expression, "==", ours, "");
    }

    /// A size of memory that may be larger than C's.
    ///
    /// @param expression what it is in C
    /// @param ours the size
    void atLeast(String expression, long ours) {
        compare(expression, expression, "<=", ours, "");
    }

    /// A constant that the library holds to be lacking.
    ///
    /// @param name what it is called where there is one
    void lacking(String name) {
        all.add(new Assertion(name, name, LACKING, "_Static_assert(0 * (" + name + ") != 0, \"\");", ""));
    }

    private void compare(String title, String expression, String operator, long ours, String function) {
        String line = "_Static_assert((unsigned) (%s) %s 0x%xu, \"\");".formatted(expression, operator, (int) ours);
        all.add(new Assertion(title, expression, text(ours), line, function));
    }

    /// What a number looks like in a message.
    static String text(long number) {
        return "%d (0x%x)".formatted((int) number, (int) number);
    }

    /// The size of a struct, and the offset and the size of each field, those of structs within it included.
    ///
    /// @param struct its name in C
    /// @param layout the struct
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

    /// That a function has the type of a prototype, and that each type it is linked with is as wide as C's.
    ///
    /// @param name its name
    /// @param symbol its symbol
    /// @param prototype its prototype; behind the `...` of a variadic function a comment with the parameters passed
    /// @param firstVariadic the index of the first variadic parameter, or -1
    /// @param types the names of the value layouts of what it returns and of its parameters
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

    /// A parameter becomes the member of a struct, which is as wide. A narrow integer is passed as an int.
    private void width(String function, String parameter, String type) {
        boolean pointer = parameter.contains("*");
        require(pointer == type.equals("ADDRESS"), function + ": " + type + " for " + parameter);
        String field = parameter.replaceFirst(".*\\W", "") + (pointer ? "" : " + 0");
        String expression = "sizeof(((struct { " + parameter + "; } *) 0)->" + field + ")";
        compare(function + ", " + parameter, expression, "==", type.equals("JAVA_INT") ? 4 : 8, function);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
