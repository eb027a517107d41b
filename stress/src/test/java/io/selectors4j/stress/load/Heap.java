package io.selectors4j.stress.load;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What is alive on a heap.
///
/// @param bytes how much
/// @param instances how many objects of each class
record Heap(long bytes, Map<String, Long> instances) {

    private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(\\S+)");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    /// What `jcmd PID GC.class_histogram` prints: a number, instances, bytes and a class in each line; in the end, the sums.
    static Heap parse(String histogram) {
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new AssertionError("no sum in " + histogram);
        }
        Map<String, Long> instances = new HashMap<>();
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            instances.put(line.group(2), Long.parseLong(line.group(1)));
        }
        return new Heap(Long.parseLong(total.group(1)), instances);
    }

    long instances(String className) {
        return instances.getOrDefault(className, 0L);
    }
}
