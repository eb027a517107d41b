import io.selectors4j.*;
import io.selectors4j.process.*;
import io.selectors4j.process.ChildProcessBuilder.Redirect;

/// Runs a command, prints its output, and ends it after a time: ChildTimeout SECONDS COMMAND [ARGUMENT...]
void main(String[] args) throws IOException, InterruptedException {
    long deadline = System.nanoTime()
            + Duration.ofSeconds(Integer.parseInt(args[0])).toNanos();
    List<String> command = List.of(args).subList(1, args.length);
    try (Selector<String> selector = Selector.open();
            ChildProcess child = ChildProcess.builder(command)
                    .stdin(Redirect.DEVNULL)
                    .stderr(Redirect.STDOUT)
                    .start()) {
        selector.register(child.stdout(), Interest.READ, "output");
        selector.register(child.pidfd(), Interest.READ, "end");
        ByteBuffer buffer = ByteBuffer.allocate(8192);
        while (!selector.getMap().isEmpty()) {
            List<ReadyKey<String>> keys = selector.select(Duration.ofNanos(deadline - System.nanoTime()));
            if (keys.isEmpty() && deadline - System.nanoTime() <= 0) {
                IO.println("timeout");
                child.terminate(Duration.ofSeconds(1));
                break;
            }
            for (ReadyKey<String> ready : keys) {
                if (ready.fileobj() == child.pidfd()) {
                    selector.unregister(child.pidfd()); // it stays ready
                } else if (child.stdout().read(buffer.clear()) < 0) {
                    selector.unregister(child.stdout());
                } else {
                    IO.print(StandardCharsets.UTF_8.decode(buffer.flip()));
                }
            }
        }
        IO.println("exit value " + child.exitValue().orElse(-1));
    }
}
