package io.selectors4j.nio.it.jetty;

import java.net.URI;
import java.nio.file.Path;
import org.eclipse.jetty.io.ConnectionStatistics;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.GracefulHandler;
import org.eclipse.jetty.server.handler.ResourceHandler;
import org.eclipse.jetty.util.resource.ResourceFactory;
import org.eclipse.jetty.util.thread.ThreadPool;

/// A server of files below a directory, and of the paths of [EchoHandler].
final class TestServer implements AutoCloseable {

    final EchoHandler echo = new EchoHandler();
    final ConnectionStatistics statistics = new ConnectionStatistics();
    private final Server server;
    private final ServerConnector connector;

    TestServer(ThreadPool threads, Path files) throws Exception {
        server = new Server(threads);
        connector = new ServerConnector(server, 1, 2);
        connector.setHost("127.0.0.1");
        connector.setPort(0);
        connector.setAcceptQueueSize(512);
        connector.addBean(statistics);
        server.addConnector(connector);
        ResourceHandler resources = new ResourceHandler();
        resources.setBaseResource(ResourceFactory.of(server).newResource(files));
        GracefulHandler graceful = new GracefulHandler();
        graceful.setHandler(new Handler.Sequence(echo, resources));
        server.setHandler(graceful);
        server.setStopTimeout(20_000);
        server.start();
    }

    /// Returns the URI of a path.
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
    }

    /// Stops accepting, waits for exchanges in progress, and stops.
    void stop() throws Exception {
        server.stop();
    }

    @Override
    public void close() throws Exception {
        echo.answer();
        server.stop();
    }
}
