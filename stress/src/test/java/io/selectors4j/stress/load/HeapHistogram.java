package io.selectors4j.stress.load;

import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The live objects of a heap.
///
/// @param bytes their size
/// @param instances the number of objects of each class
record HeapHistogram(long bytes, Map<String, Long> instances) {

    private static final Pattern LINE = Pattern.compile("(?m)^ *\\d+: +(\\d+) +\\d+ +(\\S+)");
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");

    /// Parses the output of `jcmd PID GC.class_histogram`: each line has a number, instances, bytes and a class; the
    /// last line has the sums.
    static HeapHistogram parse(String histogram) {
        Matcher total = TOTAL.matcher(histogram);
        if (!total.find()) {
            throw new AssertionError("no total in " + histogram);
        }
        Map<String, Long> instances = new HashMap<>();
        Matcher line = LINE.matcher(histogram);
        while (line.find()) {
            instances.put(line.group(2), Long.parseLong(line.group(1)));
        }
        return new HeapHistogram(Long.parseLong(total.group(1)), instances);
    }

    long instances(String className) {
        return instances.getOrDefault(className, 0L);
    }
}
