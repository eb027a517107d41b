package io.selectors4j.nio.it;

import java.io.IOException;
import java.util.Arrays;

/// Runs the main method of a class, unchanged, in a JVM whose standard input is a pipe from the workload. This JVM ends
/// in an orderly way when it reads a byte, and at once when the workload's JVM has ended.
final class ServerMain {

    private ServerMain() {}

    public static void main(String[] args) throws IOException, ReflectiveOperationException {
        Provider.expected().verify();
        Thread.ofPlatform().daemon().name("standard input").start(ServerMain::awaitEnd);
        String[] rest = Arrays.copyOfRange(args, 1, args.length);
        Class.forName(args[0]).getMethod("main", String[].class).invoke(null, (Object) rest);
    }

    private static void awaitEnd() {
        int read = -1;
        try {
            read = System.in.read();
        } catch (IOException e) {
            e.printStackTrace();
        }
        if (read < 0) {
            Runtime.getRuntime().halt(1);
        }
        System.exit(0);
    }
}
