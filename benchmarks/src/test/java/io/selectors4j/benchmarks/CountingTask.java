package io.selectors4j.benchmarks;

/// A task that counts its rounds, and multiplies them by what it was started with.
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
        System.out.print('.'); // which is no part of an answer
        return "value=" + factor * rounds + " asked=" + args.length;
    }

    @Override
    public void close() {
        // nothing
    }
}
