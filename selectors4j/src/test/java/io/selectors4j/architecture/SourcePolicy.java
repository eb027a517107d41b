package io.selectors4j.architecture;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A policy about the text of a source file.
@FunctionalInterface
public interface SourcePolicy {

    /// Returns the violations, one sentence each.
    List<String> violations(String source);

    /// A binding: a public method whose first parameter is an ErrnoCapture. The group is its name.
    Pattern BINDING = Pattern.compile("public (?:static )?(?:int|long) (\\w+)\\(\\s*ErrnoCapture \\w+");

    /// The C prototype at the beginning of a doc comment, up to the name of the function.
    Pattern PROTOTYPE = Pattern.compile("/// `(?:[a-zA-Z_]\\w* )+\\*?(\\w+)\\(");

    Pattern LINKED = Pattern.compile("Downcalls\\s*\\.link\\w*\\([^;\"]*\"(\\w+)\"");
    Pattern TRY = Pattern.compile("\\btry \\{");
    Pattern HANDLER =
            Pattern.compile("\\s*catch \\(Throwable t\\) \\{\\s*throw Downcalls\\.rethrow\\(\"(\\w+)\", t\\);");

    Pattern ADDRESS_OF = Pattern.compile("\\bMemory\\.address\\((\\w+)\\)");

    Pattern PACKAGE = Pattern.compile("\\bpackage io\\.selectors4j([a-z.]*);");
    Pattern NAME = Pattern.compile("\\bio\\.selectors4j((?:\\.[a-z]+)*)\\.([A-Z]\\w*)");

    /// The greatest number of lines of code that a file may have.
    int MAX_CODE_LINES = 400;

    static List<String> tooManyLines(String source) {
        int lines = codeLines(source);
        return lines > MAX_CODE_LINES ? List.of(lines + " lines of code") : List.of();
    }

    /// Returns the number of lines that are neither blank nor part of a comment that begins its line.
    private static int codeLines(String source) {
        int lines = 0;
        boolean inComment = false;
        for (String line : source.lines().map(String::strip).toList()) {
            if (inComment || line.startsWith("/*")) {
                inComment = !line.contains("*/");
            } else if (!line.isEmpty() && !line.startsWith("//")) {
                lines++;
            }
        }
        return lines;
    }

    static List<String> criticalCalls(String source) {
        return matches(code(source), "\\bOption\\s*\\.\\s*critical\\b");
    }

    static List<String> sleeps(String source) {
        return matches(code(source), "\\.\\s*sleep\\(");
    }

    /// Finds dependencies that class files may not show, because the compiler copies constants.
    static List<String> namesOfWhatIsNotBelow(String source) {
        String code = code(source);
        Matcher declaration = PACKAGE.matcher(code);
        if (!declaration.find()) {
            return List.of(); // module-info.java
        }
        return NAME.matcher(code.substring(declaration.end()))
                .results()
                .filter(name -> !ArchitectureRules.mayUse(declaration.group(1), name.group(1), name.group(2)))
                .map(name -> name.group())
                .toList();
    }

    static List<String> nativeCallsNotAloneInTheirTry(String source) {
        String code = code(source);
        List<String> found = new ArrayList<>();
        int calls = occurrences(code, "invokeExact(");
        int alone = 0;
        Matcher tries = TRY.matcher(code);
        while (tries.find()) {
            int end = closingBrace(code, tries.end());
            String body = code.substring(tries.end(), end);
            if (!body.contains("invokeExact(")) {
                continue;
            }
            Matcher handler = HANDLER.matcher(code).region(end + 1, code.length());
            if (occurrences(body, ";") != 1 || !body.stripTrailing().endsWith(";")) {
                found.add("more than a native call in: " + body.strip());
            } else if (!handler.lookingAt()) {
                found.add("no catch (Throwable t) with Downcalls.rethrow after: " + body.strip());
            } else if (!enclosingMethod(code, tries.start()).equals(handler.group(1))) {
                found.add("the error names " + handler.group(1) + " in " + enclosingMethod(code, tries.start()));
            }
            alone += occurrences(body, "invokeExact(");
        }
        if (alone < calls) {
            found.add((calls - alone) + " native calls outside of a try");
        }
        return found;
    }

    static List<String> bindingsWithoutPrototype(String source) {
        List<String> found = new ArrayList<>();
        List<String> linked =
                LINKED.matcher(source).results().map(match -> match.group(1)).toList();
        if (linked.isEmpty()) {
            return found; // not a file of bindings
        }
        Matcher bindings = BINDING.matcher(source);
        while (bindings.find()) {
            String name = bindings.group(1);
            String doc = docBefore(source, bindings.start());
            Matcher prototype = PROTOTYPE.matcher(doc);
            if (!prototype.lookingAt()) {
                found.add(name + " has no prototype");
            } else if (!prototype.group(1).equals(name)) {
                found.add(name + " has the prototype of " + prototype.group(1));
            } else if (!linked.contains(name)) {
                found.add(name + " is linked to another function");
            }
        }
        return found;
    }

    /// Finds memory whose address is passed, but which is not kept reachable: it could be freed during the call.
    static List<String> addressesNotKeptAlive(String source) {
        String code = code(source);
        List<String> found = new ArrayList<>();
        Matcher addresses = ADDRESS_OF.matcher(code);
        while (addresses.find()) {
            int call = code.lastIndexOf("Memory.keepAlive(", addresses.start());
            int statement = code.lastIndexOf(';', addresses.start());
            String rest = code.substring(addresses.end(), code.indexOf(';', addresses.end()));
            if (call <= statement
                    || !rest.matches("(?s).*\\),\\s*(\\w+,\\s*)?" + addresses.group(1) + "(,\\s*\\w+)?\\)+")) {
                found.add(addresses.group() + " is not kept alive until the call has returned");
            }
        }
        return found;
    }

    private static List<String> matches(String code, String regex) {
        return Pattern.compile(regex)
                .matcher(code)
                .results()
                .map(match -> match.group())
                .toList();
    }

    /// Returns the source without its comments. No string of this library contains two slashes.
    private static String code(String source) {
        return source.replaceAll("//[^\n]*", "").replaceAll("(?s)/\\*.*?\\*/", "");
    }

    private static int occurrences(String text, String part) {
        return text.split(Pattern.quote(part), -1).length - 1;
    }

    private static int closingBrace(String code, int start) {
        int depth = 1;
        for (int i = start; i < code.length(); i++) {
            depth += code.charAt(i) == '{' ? 1 : code.charAt(i) == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        throw new IllegalArgumentException("no closing brace");
    }

    private static String enclosingMethod(String code, int position) {
        String name = "";
        Matcher methods = BINDING.matcher(code);
        while (methods.find() && methods.start() < position) {
            name = methods.group(1);
        }
        return name;
    }

    /// Returns the lines of the doc comment that ends at a declaration.
    private static String docBefore(String source, int declaration) {
        List<String> lines = source.substring(0, declaration).lines().toList();
        int first = lines.size() - 1;
        while (first > 0 && lines.get(first - 1).strip().startsWith("///")) {
            first--;
        }
        return String.join("\n", lines.subList(first, lines.size())).strip();
    }
}
