package io.selectors4j.benchmarks.nio;

import io.selectors4j.benchmarks.load.LoadedServer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/// An HTTP server: Jetty with its defaults, one thread that accepts and one that selects.
final class JettyServer implements LoadedServer {

    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);

    JettyServer() throws IOException {
        connector.setHost(LoadedServer.address(0).getAddress().getHostAddress());
        connector.setPort(0);
        server.addConnector(connector);
        server.setHandler(new Greeting());
        try {
            server.start();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("Jetty has not started: " + e, e);
        }
    }

    @Override
    public int port() {
        return connector.getLocalPort();
    }

    @Override
    public void run() throws InterruptedException {
        server.join();
    }

    private static final class Greeting extends Handler.Abstract.NonBlocking {

        private static final byte[] BODY = "Hello, world!\n".getBytes(StandardCharsets.US_ASCII);

        @Override
        public boolean handle(Request request, Response response, Callback callback) {
            response.getHeaders().put(HttpHeader.CONTENT_LENGTH, BODY.length);
            response.write(true, ByteBuffer.wrap(BODY), callback);
            return true;
        }
    }
}
