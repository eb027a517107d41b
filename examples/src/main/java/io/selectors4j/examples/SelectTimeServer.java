package io.selectors4j.examples;

import io.selectors4j.Pollable;
import io.selectors4j.os.Select;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/// Tells everybody who connects the time, as RFC 868 has it: the seconds since 1900, in four bytes. Looks up from
/// `select()` each second.
final class SelectTimeServer {

    /// From 1900 to 1970, where Java's clock begins.
    private static final long TIME1970 = 2_208_988_800L;

    private SelectTimeServer() {}

    static void run(Setting setting) throws IOException {
        Transcript out = setting.out();
        Stop stop = setting.stop();
        try (Listener service = setting.listen(1, "listening on port ")) {
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
            channel.send(); // there is always room for the first four bytes
        } catch (IOException e) {
            out.line("closing " + channel + " after " + e.getMessage());
        }
    }
}
