package io.selectors4j.nio.it.tomcat;

import static io.selectors4j.nio.it.Checks.require;
import static io.selectors4j.nio.it.Checks.requireEqual;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.Load;
import io.selectors4j.nio.it.RandomBytes;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Requests of the JDK's client to an embedded Tomcat, in one JVM.
final class TomcatWorkload {

    private static final int MEGABYTE = 1 << 20;

    private final Checks checks;
    private final byte[] file = RandomBytes.of(0, 20 * MEGABYTE);

    private TomcatWorkload(Checks checks) {
        this.checks = checks;
    }

    public static void main(String[] args) {
        Checks.main(checks -> {
            checks.describe("files by transferTo, echo, asynchronous servlet, 64 concurrent clients, stop");
            TomcatWorkload workload = new TomcatWorkload(checks);
            checks.file("files/large", workload.file);
            checks.file("files/small", RandomBytes.of(0, 1000));
            workload.run("platform threads", false);
            workload.run("virtual threads", true);
        });
    }

    /// Tests a server and a client.
    @FunctionalInterface
    private interface Test {
        void run(TestServer server, HttpClient client) throws Exception;
    }

    private void run(String name, boolean virtualThreads) throws InterruptedException {
        check(name + ": a file of 20 MB", virtualThreads, this::largeFile);
        check(name + ": a range of a file", virtualThreads, this::range);
        check(name + ": a slow reader of a file", virtualThreads, this::slowReader);
        check(name + ": 500 requests on one connection", virtualThreads, TomcatWorkload::keepAlive);
        check(name + ": 8 bodies of 8 MB both ways", virtualThreads, TomcatWorkload::largeBodies);
        check(name + ": 64 concurrent clients", virtualThreads, TomcatWorkload::load);
        check(name + ": stop", virtualThreads, TomcatWorkload::stop);
    }

    private void check(String name, boolean virtualThreads, Test test) throws InterruptedException {
        checks.check(name, () -> {
            try (TestServer server = new TestServer(
                            checks.directory().resolve("tomcat"),
                            checks.directory().resolve("files"),
                            virtualThreads);
                    HttpClient client = HttpClient.newBuilder()
                            .version(HttpClient.Version.HTTP_1_1)
                            .build()) {
                try {
                    test.run(server, client);
                } finally {
                    client.shutdownNow();
                }
            }
        });
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri).build();
    }

    private static HttpRequest post(URI uri, byte[] body) {
        return HttpRequest.newBuilder(uri)
                .POST(BodyPublishers.ofByteArray(body))
                .build();
    }

    private void largeFile(TestServer server, HttpClient client) throws Exception {
        require(server.sendsFiles(), "sendfile is off");
        Load.run(Executors.newFixedThreadPool(4), 8, _ -> {
            byte[] body = client.send(get(server.uri("/large")), BodyHandlers.ofByteArray())
                    .body();
            requireEqual("digest", RandomBytes.digest(file), RandomBytes.digest(body));
        });
    }

    private void range(TestServer server, HttpClient client) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/large"))
                .header("Range", "bytes=1000000-1999999")
                .build();
        HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
        requireEqual("status", 206, response.statusCode());
        requireEqual("range", ByteBuffer.wrap(file, 1_000_000, 1_000_000), ByteBuffer.wrap(response.body()));
    }

    /// The reader waits until all socket buffers are full.
    private void slowReader(TestServer server, HttpClient client) throws Exception {
        try (InputStream body = client.send(get(server.uri("/large")), BodyHandlers.ofInputStream())
                .body()) {
            TimeUnit.SECONDS.sleep(1);
            requireEqual("digest", RandomBytes.digest(file), RandomBytes.digest(body));
        }
    }

    /// The server sends a small file and waits for the next request of the same connection.
    private static void keepAlive(TestServer server, HttpClient client) throws Exception {
        URI uri = server.uri("/small");
        String request = "GET /small HTTP/1.1\r\nHost: %s\r\n\r\n".formatted(uri.getAuthority());
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            OutputStream out = socket.getOutputStream();
            InputStream in = socket.getInputStream();
            for (int i = 0; i < 500; i++) {
                out.write(request.getBytes(StandardCharsets.US_ASCII));
                requireEqual("status line", "HTTP/1.1 200 ", readHeader(in).substring(0, 13));
                in.readNBytes(1000);
            }
        }
        requireEqual(
                "status", 200, client.send(get(uri), BodyHandlers.discarding()).statusCode());
    }

    private static String readHeader(InputStream in) throws Exception {
        StringBuilder header = new StringBuilder();
        while (header.indexOf("\r\n\r\n") < 0) {
            int read = in.read();
            require(read >= 0, "end of input after " + header);
            header.append((char) read);
        }
        return header.toString();
    }

    private static void largeBodies(TestServer server, HttpClient client) throws Exception {
        Load.run(Executors.newFixedThreadPool(4), 8, number -> {
            byte[] body = RandomBytes.of(number, 8 * MEGABYTE);
            byte[] echo = client.send(post(server.uri("/echo"), body), BodyHandlers.ofByteArray())
                    .body();
            requireEqual("digest", RandomBytes.digest(body), RandomBytes.digest(echo));
        });
    }

    private static void load(TestServer server, HttpClient client) throws Exception {
        Load.run(Executors.newFixedThreadPool(64), 64, number -> {
            byte[] body = RandomBytes.of(number, 3000);
            for (int i = 0; i < 50; i++) {
                String path = i % 2 == 0 ? "/echo" : "/echo?later=1";
                byte[] echo = client.send(post(server.uri(path), body), BodyHandlers.ofByteArray())
                        .body();
                requireEqual("echo", ByteBuffer.wrap(body), ByteBuffer.wrap(echo));
            }
        });
    }

    private static void stop(TestServer server, HttpClient client) throws Exception {
        URI uri = server.uri("/small");
        requireEqual(
                "status", 200, client.send(get(uri), BodyHandlers.discarding()).statusCode());
        server.close();
        try (Socket _ = new Socket(InetAddress.getLoopbackAddress(), uri.getPort())) {
            throw new AssertionError("the port is open after stop");
        } catch (ConnectException _) {
            // The port is closed.
        }
    }
}
