package io.selectors4j.nio.it.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;

/// An HTTP server with these paths: `/hello/NAME` answers with NAME, `/echo` with the body of the request, `/stream`
/// with chunks while it reads, `/silent` after [#answer] only.
final class TestServer implements AutoCloseable {

    private final HttpServer server;
    private final ExecutorService executor;
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    TestServer(ExecutorService executor) throws IOException {
        this.executor = executor;
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 256);
        server.setExecutor(executor);
        server.createContext("/hello/", TestServer::hello);
        server.createContext("/echo", TestServer::echo);
        server.createContext("/stream", TestServer::stream);
        server.createContext("/silent", this::silent);
        server.start();
    }

    /// Returns the URI of a path.
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
    }

    /// Waits for a request of `/silent`.
    void awaitSilent() throws InterruptedException {
        asked.await();
    }

    /// Answers all requests of `/silent`.
    void answer() {
        answer.countDown();
    }

    /// Stops accepting and waits for at most 20 seconds for exchanges in progress.
    void stop() {
        server.stop(20);
    }

    private static void hello(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] name = path.substring("/hello/".length()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, name.length);
            exchange.getResponseBody().write(name);
        }
    }

    private static void echo(HttpExchange exchange) throws IOException {
        try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static void stream(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.sendResponseHeaders(200, 0);
            try (InputStream in = exchange.getRequestBody();
                    OutputStream out = exchange.getResponseBody()) {
                in.transferTo(out);
            }
        }
    }

    private void silent(HttpExchange exchange) throws IOException {
        try (exchange) {
            asked.countDown();
            answer.await();
            exchange.sendResponseHeaders(204, -1);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Override
    public void close() {
        answer.countDown();
        server.stop(0);
        executor.shutdownNow();
    }
}
