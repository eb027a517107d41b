package io.selectors4j.benchmarks;

/// A task that counts its rounds and multiplies the count by its argument.
final class CountingTask implements Task {

    private final int factor;
    private int rounds;

    CountingTask(String[] args) {
        factor = Integer.parseInt(args[0]);
    }

    @Override
    public String round(String... args) {
        if (args[0].equals("fail")) {
            System.exit(1);
        }
        rounds++;
        System.out.print('.'); // must not become part of the response
        return "value=" + factor * rounds + " args=" + args.length;
    }

    @Override
    public void close() {
        // nothing
    }
}
