import io.selectors4j.*;
import io.selectors4j.fd.*;

/// Runs a command, prints its output, and ends it after a time: ChildTimeout SECONDS COMMAND [ARGUMENT...]
void main(String[] args) throws IOException {
    long deadline = System.nanoTime()
            + Duration.ofSeconds(Integer.parseInt(args[0])).toNanos();
    List<String> command = List.of(args).subList(1, args.length);
    try (Selector<String> selector = Selector.open();
            PipeFd.Pipe pipe = PipeFd.open()) {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(pipe.writer().redirectTo())
                .start();
        pipe.writer().close(); // otherwise the reader would not find the end of the output
        try (PidFd child = PidFd.of(process)) {
            selector.register(pipe.reader(), Interest.READ, "output");
            selector.register(child, Interest.READ, "end");
            ByteBuffer buffer = ByteBuffer.allocate(8192);
            boolean hasOutput = true;
            while (hasOutput || child.exitValue().isEmpty()) {
                List<ReadyKey<String>> keys = selector.select(Duration.ofNanos(deadline - System.nanoTime()));
                if (keys.isEmpty() && deadline - System.nanoTime() <= 0) {
                    IO.println("timeout");
                    process.destroyForcibly();
                    break; // a process of the child may keep the pipe open
                }
                for (ReadyKey<String> ready : keys) {
                    if (ready.fileobj() == child) {
                        selector.unregister(child); // it stays ready
                    } else if (pipe.reader().read(buffer.clear()) < 0) {
                        selector.unregister(pipe.reader());
                        hasOutput = false;
                    } else {
                        IO.print(StandardCharsets.UTF_8.decode(buffer.flip()));
                    }
                }
            }
            IO.println("exit value " + child.exitValue().orElse(-1));
        }
    }
}
