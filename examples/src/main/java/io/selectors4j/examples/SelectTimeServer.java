package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// A time server, RFC 868: sends each client the seconds since 1900 in four bytes. The timeout of `select()` is one
/// second.
final class SelectTimeServer {

    /// The seconds from 1900 to 1970, the epoch of Java.
    private static final long TIME1970 = 2_208_988_800L;

    private SelectTimeServer() {}

    static void run(Settings settings) throws IOException {
        Transcript out = settings.out();
        StopRequest stop = settings.stop();
        try (Listener service = settings.listen(1, "listening on port ")) {
            List<Pollable> isReadable = List.of(service, stop);

            while (true) {
                Select.Ready<Pollable> ready = Select.select(isReadable, List.of(), List.of(), Duration.ofSeconds(1));
                if (ready.readable().contains(stop)) {
                    return;
                }
                if (ready.readable().contains(service)) {
                    sendTime(service, out);
                } else {
                    out.line("still waiting");
                }
            }
        }
    }

    private static void sendTime(Listener service, Transcript out) throws IOException {
        Connection channel = service.accept();
        if (channel == null) {
            return;
        }
        out.line("connection from " + channel);
        int time = (int) (Instant.now().getEpochSecond() + TIME1970);
        try (channel) {
            channel.put(ByteBuffer.allocate(Integer.BYTES).putInt(time).flip());
            channel.send(); // a new socket has room for four bytes
        } catch (IOException e) {
            out.line("closing " + channel + " after " + e.getMessage());
        }
    }
}
