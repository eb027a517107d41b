import io.selectors4j.*;
import io.selectors4j.fd.*;
import io.selectors4j.process.*;
import io.selectors4j.process.ChildProcessBuilder.Redirect;

/// Starts a server again whenever it ends, until SIGTERM or SIGINT: Supervisor PORT COMMAND [ARGUMENT...]
/// The server finds its listening socket under the number 3. Clients that connect during a restart wait.
void main(String[] args) throws IOException, InterruptedException {
    List<String> command = List.of(args).subList(1, args.length);
    try (Selector<String> selector = Selector.open();
            SignalFd signals = SignalFd.open("SIGTERM", "SIGINT");
            SocketFd socket =
                    SocketFd.createServer(new InetSocketAddress("localhost", Integer.parseInt(args[0])))) {
        IO.println("listening on " + socket.localAddress());
        ChildProcessBuilder builder = ChildProcess.builder(command)
                .stdin(Redirect.DEVNULL)
                .stdout(Redirect.INHERIT)
                .stderr(Redirect.INHERIT)
                .pass(socket);
        selector.register(signals, Interest.READ, "signal");
        boolean stopped = false;
        while (!stopped) {
            try (ChildProcess server = builder.start()) { // the end of the block kills its processes, and reaps it
                selector.register(server.pidfd(), Interest.READ, "end");
                while (!stopped && server.exitValue().isEmpty()) {
                    for (ReadyKey<String> ready : selector.select()) {
                        stopped |= ready.fileobj() == signals;
                    }
                }
                if (stopped) {
                    server.terminate(Duration.ofSeconds(10));
                }
                IO.println("ended with exit value " + server.exitValue().orElse(-1));
            }
            stopped |= Await.readable(signals, Duration.ofSeconds(1)); // a pause before the next start
        }
    }
}
