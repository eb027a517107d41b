package io.selectors4j.nio.it.tomcat;

import java.net.URI;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.Wrapper;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;

/// A server of files below a directory, which it sends with `FileChannel.transferTo`, and of `/echo`.
final class TestServer implements AutoCloseable {

    private final Tomcat tomcat = new Tomcat();
    private final Connector connector = new Connector("org.apache.coyote.http11.Http11NioProtocol");

    TestServer(Path base, Path files, boolean virtualThreads) throws LifecycleException {
        tomcat.setBaseDir(base.toString());
        connector.setPort(0);
        connector.setProperty("address", "127.0.0.1");
        connector.setProperty("maxKeepAliveRequests", "-1");
        connector.setProperty("useVirtualThreads", String.valueOf(virtualThreads));
        tomcat.setConnector(connector);
        Context context = tomcat.addContext("", files.toString());
        Wrapper standard = Tomcat.addServlet(context, "default", new DefaultServlet());
        standard.addInitParameter("sendfileSize", "16");
        context.addServletMapping("/", "default");
        Tomcat.addServlet(context, "echo", new EchoServlet()).setAsyncSupported(true);
        context.addServletMapping("/echo", "echo");
        tomcat.start();
    }

    /// Returns the URI of a path.
    URI uri(String path) {
        return URI.create("http://127.0.0.1:" + connector.getLocalPort() + path);
    }

    /// Returns whether the connector offers to send files with `FileChannel.transferTo`.
    boolean sendsFiles() {
        return Boolean.parseBoolean(String.valueOf(connector.getProperty("useSendfile")));
    }

    @Override
    public void close() throws LifecycleException {
        if (tomcat.getServer().getState().isAvailable()) {
            tomcat.stop();
            tomcat.destroy();
        }
    }
}
