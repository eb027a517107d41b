package io.selectors4j.nio.it.tomcat;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/// Answers with the body of the request: in the calling thread, or in another one if the request has the parameter
/// `later`.
final class EchoServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body = request.getInputStream().readAllBytes();
        if (request.getParameter("later") == null) {
            response.getOutputStream().write(body);
            return;
        }
        AsyncContext context = request.startAsync();
        context.start(() -> {
            try {
                context.getResponse().getOutputStream().write(body);
            } catch (IOException e) {
                e.printStackTrace();
            }
            context.complete();
        });
    }
}
