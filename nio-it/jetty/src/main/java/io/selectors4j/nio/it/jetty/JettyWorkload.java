package io.selectors4j.nio.it.jetty;

import static io.selectors4j.nio.it.Checks.require;
import static io.selectors4j.nio.it.Checks.requireEqual;

import io.selectors4j.nio.it.Checks;
import io.selectors4j.nio.it.Load;
import io.selectors4j.nio.it.RandomBytes;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.BytesRequestContent;
import org.eclipse.jetty.client.CompletableResponseListener;
import org.eclipse.jetty.client.ContentResponse;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.util.thread.ThreadPool;
import org.eclipse.jetty.util.thread.VirtualThreadPool;

/// Requests of Jetty's client to Jetty's server, in one JVM.
final class JettyWorkload {

    private static final int MEGABYTE = 1 << 20;

    private final Checks checks;
    private final byte[] file = RandomBytes.of(0, 20 * MEGABYTE);

    private JettyWorkload(Checks checks) {
        this.checks = checks;
    }

    public static void main(String[] args) {
        Checks.main(checks -> {
            checks.describe("static files, echo, keep-alive, 64 concurrent clients, graceful stop");
            JettyWorkload workload = new JettyWorkload(checks);
            checks.file("files/large", workload.file);
            checks.file("files/small", RandomBytes.of(0, 1000));
            workload.run("platform threads", () -> new QueuedThreadPool(64));
            workload.run("virtual threads", VirtualThreadPool::new);
        });
    }

    /// Tests a server and a client.
    @FunctionalInterface
    private interface Test {
        void run(TestServer server, HttpClient client) throws Exception;
    }

    private void run(String name, Supplier<ThreadPool> threads) throws InterruptedException {
        check(name + ": a file of 20 MB", threads, this::largeFile);
        check(name + ": a range of a file", threads, this::range);
        check(name + ": 1000 requests on one connection", threads, JettyWorkload::keepAlive);
        check(name + ": 8 bodies of 8 MB both ways", threads, JettyWorkload::largeBodies);
        check(name + ": a slow reader", threads, this::slowReader);
        check(name + ": 64 concurrent clients", threads, JettyWorkload::load);
        check(name + ": graceful stop", threads, JettyWorkload::stop);
    }

    private void check(String name, Supplier<ThreadPool> threads, Test test) throws InterruptedException {
        checks.check(name, () -> {
            try (TestServer server =
                            new TestServer(threads.get(), checks.directory().resolve("files"));
                    HttpClient client = new HttpClient()) {
                client.setMaxConnectionsPerDestination(64);
                client.setMaxRequestsQueuedPerDestination(10_000);
                client.start();
                test.run(server, client);
            }
        });
    }

    private static String digestOf(HttpClient client, URI uri, long pauseMillis) throws Exception {
        InputStreamResponseListener listener = new InputStreamResponseListener();
        client.newRequest(uri).send(listener);
        requireEqual("status", 200, listener.get(20, TimeUnit.SECONDS).getStatus());
        TimeUnit.MILLISECONDS.sleep(pauseMillis);
        try (InputStream body = listener.getInputStream()) {
            return RandomBytes.digest(body);
        }
    }

    private void largeFile(TestServer server, HttpClient client) throws Exception {
        Load.run(
                Executors.newFixedThreadPool(4),
                8,
                _ -> requireEqual("digest", RandomBytes.digest(file), digestOf(client, server.uri("/large"), 0)));
    }

    /// The reader waits until all socket buffers are full.
    private void slowReader(TestServer server, HttpClient client) throws Exception {
        requireEqual("digest", RandomBytes.digest(file), digestOf(client, server.uri("/large"), 1000));
    }

    private void range(TestServer server, HttpClient client) throws Exception {
        ContentResponse response = client.newRequest(server.uri("/large"))
                .headers(headers -> headers.put("Range", "bytes=1000000-1999999"))
                .send();
        requireEqual("status", 206, response.getStatus());
        requireEqual("range", ByteBuffer.wrap(file, 1_000_000, 1_000_000), ByteBuffer.wrap(response.getContent()));
    }

    private static void keepAlive(TestServer server, HttpClient client) throws Exception {
        for (int i = 0; i < 1000; i++) {
            requireEqual("status", 200, client.GET(server.uri("/small")).getStatus());
        }
        requireEqual("connections", 1L, server.statistics.getConnectionsTotal());
    }

    private static void largeBodies(TestServer server, HttpClient client) throws Exception {
        Load.run(Executors.newFixedThreadPool(8), 8, number -> {
            byte[] body = RandomBytes.of(number, 8 * MEGABYTE);
            InputStreamResponseListener listener = new InputStreamResponseListener();
            client.newRequest(server.uri("/echo"))
                    .method(HttpMethod.POST)
                    .body(new BytesRequestContent(body))
                    .send(listener);
            requireEqual("status", 200, listener.get(20, TimeUnit.SECONDS).getStatus());
            try (InputStream echo = listener.getInputStream()) {
                requireEqual("digest", RandomBytes.digest(body), RandomBytes.digest(echo));
            }
        });
    }

    private static void load(TestServer server, HttpClient client) throws Exception {
        Load.run(Executors.newFixedThreadPool(64), 64, number -> {
            byte[] body = RandomBytes.of(number, 3000);
            for (int i = 0; i < 50; i++) {
                ContentResponse response = client.newRequest(server.uri("/echo"))
                        .method(HttpMethod.POST)
                        .body(new ByteBufferRequestContent(ByteBuffer.wrap(body)))
                        .send();
                requireEqual("echo", ByteBuffer.wrap(body), ByteBuffer.wrap(response.getContent()));
                requireEqual("status", 404, client.GET(server.uri("/nothing")).getStatus());
            }
        });
    }

    private static void stop(TestServer server, HttpClient client) throws Exception {
        CompletableFuture<ContentResponse> silent =
                new CompletableResponseListener(client.newRequest(server.uri("/silent"))).send();
        server.echo.awaitSilent();
        URI small = server.uri("/small");
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(() -> {
            try {
                server.stop();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        TimeUnit.MILLISECONDS.sleep(500);
        require(!silent.isDone(), "the exchange was ended by stop");
        try {
            client.GET(small);
            throw new AssertionError("a request after stop succeeded");
        } catch (ExecutionException e) {
            require(e.getCause() instanceof ConnectException, "unexpected " + e);
        }
        server.echo.answer();
        requireEqual("body", "answer", silent.get(20, TimeUnit.SECONDS).getContentAsString());
        stopped.get(30, TimeUnit.SECONDS);
    }
}
