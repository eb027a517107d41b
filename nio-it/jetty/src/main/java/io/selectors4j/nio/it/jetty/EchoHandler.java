package io.selectors4j.nio.it.jetty;

import java.util.concurrent.CountDownLatch;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Answers `/echo` with the body of the request while it is read, and `/silent` after [#answer] only.
final class EchoHandler extends Handler.Abstract {

    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answer = new CountDownLatch(1);

    /// Waits for a request of `/silent`.
    void awaitSilent() throws InterruptedException {
        asked.await();
    }

    /// Answers all requests of `/silent`.
    void answer() {
        answer.countDown();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws InterruptedException {
        switch (Request.getPathInContext(request)) {
            case "/echo" -> Content.copy(request, response, callback);
            case "/silent" -> {
                asked.countDown();
                answer.await();
                Content.Sink.write(response, true, "answer", callback);
            }
            default -> {
                return false;
            }
        }
        return true;
    }
}
