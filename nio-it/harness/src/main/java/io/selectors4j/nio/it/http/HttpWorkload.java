package io.selectors4j.nio.it.http;

import static io.selectors4j.nio.it.Checks.require;
import static io.selectors4j.nio.it.Checks.requireEqual;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.Load;
import io.selectors4j.nio.it.RandomBytes;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/// Requests of `java.net.http.HttpClient` to `com.sun.net.httpserver.HttpServer`, in one JVM.
final class HttpWorkload {

    private static final int MEGABYTE = 1 << 20;

    private final Supplier<ExecutorService> executors;

    private HttpWorkload(Supplier<ExecutorService> executors) {
        this.executors = executors;
    }

    public static void main(String[] args) {
        Checks.main(checks -> {
            checks.describe("concurrent requests on platform and virtual threads, bodies of 8 MB");
            new HttpWorkload(() -> Executors.newFixedThreadPool(16)).run(checks, "platform threads");
            new HttpWorkload(Executors::newVirtualThreadPerTaskExecutor).run(checks, "virtual threads");
        });
    }

    /// Tests a server and a client.
    @FunctionalInterface
    private interface Test {
        void run(TestServer server, HttpClient client) throws Exception;
    }

    private void run(Checks checks, String threads) throws InterruptedException {
        check(checks, threads + ": 4000 asynchronous requests", HttpWorkload::asynchronous);
        check(checks, threads + ": 400 tasks with 10 requests each", this::blocking);
        check(checks, threads + ": 16 bodies of 8 MB both ways", HttpWorkload::largeBodies);
        check(checks, threads + ": a body both ways at the same time", HttpWorkload::stream);
        check(checks, threads + ": a slow reader", HttpWorkload::slowReader);
        check(checks, threads + ": timeout of a request", HttpWorkload::timeout);
        check(checks, threads + ": cancelled requests", HttpWorkload::cancel);
        check(checks, threads + ": connection refused", HttpWorkload::refused);
        check(checks, threads + ": stop during an exchange", HttpWorkload::stop);
    }

    private void check(Checks checks, String name, Test test) throws InterruptedException {
        checks.check(name, () -> {
            ExecutorService executor = executors.get();
            try (TestServer server = new TestServer(executors.get());
                    HttpClient client = HttpClient.newBuilder()
                            .executor(executor)
                            .version(HttpClient.Version.HTTP_1_1)
                            .connectTimeout(Duration.ofSeconds(20))
                            .build()) {
                try {
                    test.run(server, client);
                } finally {
                    client.shutdownNow();
                }
            } finally {
                executor.shutdownNow();
            }
        });
    }

    private static HttpRequest get(URI uri) {
        return HttpRequest.newBuilder(uri).build();
    }

    private static void asynchronous(TestServer server, HttpClient client) {
        for (int round = 0; round < 40; round++) {
            List<CompletableFuture<String>> bodies = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                bodies.add(client.sendAsync(get(server.uri("/hello/" + round + "-" + i)), BodyHandlers.ofString())
                        .thenApply(HttpResponse::body));
            }
            for (int i = 0; i < 100; i++) {
                requireEqual("body", round + "-" + i, bodies.get(i).join());
            }
        }
    }

    private void blocking(TestServer server, HttpClient client) throws Exception {
        Load.run(executors.get(), 400, number -> {
            for (int i = 0; i < 10; i++) {
                String name = number + "." + i;
                requireEqual(
                        "body",
                        name,
                        client.send(get(server.uri("/hello/" + name)), BodyHandlers.ofString())
                                .body());
            }
        });
    }

    private static void largeBodies(TestServer server, HttpClient client) throws Exception {
        Load.run(Executors.newFixedThreadPool(4), 16, number -> {
            byte[] body = RandomBytes.of(number, 8 * MEGABYTE);
            HttpRequest request = HttpRequest.newBuilder(server.uri("/echo"))
                    .POST(BodyPublishers.ofByteArray(body))
                    .build();
            byte[] echo = client.send(request, BodyHandlers.ofByteArray()).body();
            requireEqual("digest", RandomBytes.digest(body), RandomBytes.digest(echo));
        });
    }

    /// The client reads after it has sent its body, so this body fits into the socket buffers.
    private static void stream(TestServer server, HttpClient client) throws Exception {
        byte[] body = RandomBytes.of(1, MEGABYTE);
        HttpRequest request = HttpRequest.newBuilder(server.uri("/stream"))
                .POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)))
                .build();
        try (InputStream echo =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            requireEqual("digest", RandomBytes.digest(body), RandomBytes.digest(echo));
        }
    }

    /// The reader waits until all socket buffers are full.
    private static void slowReader(TestServer server, HttpClient client) throws Exception {
        byte[] body = RandomBytes.of(2, 16 * MEGABYTE);
        HttpRequest request = HttpRequest.newBuilder(server.uri("/echo"))
                .POST(BodyPublishers.ofByteArray(body))
                .build();
        try (InputStream echo =
                client.send(request, BodyHandlers.ofInputStream()).body()) {
            TimeUnit.SECONDS.sleep(1);
            requireEqual("digest", RandomBytes.digest(body), RandomBytes.digest(echo));
        }
    }

    private static void timeout(TestServer server, HttpClient client) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/silent"))
                .timeout(Duration.ofMillis(300))
                .build();
        try {
            client.send(request, BodyHandlers.discarding());
            throw new AssertionError("no timeout");
        } catch (HttpTimeoutException _) {
            server.answer();
        }
        requireEqual(
                "next body",
                "a",
                client.send(get(server.uri("/hello/a")), BodyHandlers.ofString())
                        .body());
    }

    private static void cancel(TestServer server, HttpClient client) throws Exception {
        List<CompletableFuture<HttpResponse<Void>>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            requests.add(client.sendAsync(get(server.uri("/silent")), BodyHandlers.discarding()));
        }
        server.awaitSilent();
        requests.forEach(request -> request.cancel(true));
        server.answer();
        requireEqual(
                "next body",
                "a",
                client.send(get(server.uri("/hello/a")), BodyHandlers.ofString())
                        .body());
    }

    private static void refused(TestServer server, HttpClient client) throws Exception {
        int port;
        try (ServerSocketChannel closed = ServerSocketChannel.open()) {
            closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            port = ((InetSocketAddress) closed.getLocalAddress()).getPort();
        }
        try {
            client.send(get(URI.create("http://127.0.0.1:" + port)), BodyHandlers.discarding());
            throw new AssertionError("not refused");
        } catch (ConnectException _) {
            requireEqual(
                    "next body",
                    "a",
                    client.send(get(server.uri("/hello/a")), BodyHandlers.ofString())
                            .body());
        }
    }

    private static void stop(TestServer server, HttpClient client) throws Exception {
        CompletableFuture<HttpResponse<Void>> request =
                client.sendAsync(get(server.uri("/silent")), BodyHandlers.discarding());
        server.awaitSilent();
        Thread stopper = Thread.ofPlatform().start(server::stop);
        TimeUnit.MILLISECONDS.sleep(200);
        require(!request.isDone(), "the exchange was ended by stop");
        server.answer();
        requireEqual("status", 204, request.get().statusCode());
        stopper.join();
        try {
            client.send(get(server.uri("/hello/a")), BodyHandlers.ofString());
            throw new AssertionError("a request after stop succeeded");
        } catch (ConnectException _) {
            // The port is closed.
        }
    }
}
