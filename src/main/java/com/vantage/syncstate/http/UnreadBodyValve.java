package com.vantage.syncstate.http;

import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletException;
import java.io.IOException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;
import org.springframework.http.HttpHeaders;

/** Lets the server wait for no body that an answer has left unread. */
final class UnreadBodyValve extends ValveBase {

    UnreadBodyValve() {
        super(true);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (!hasBody(request)) {
            getNext().invoke(request, response);
            return;
        }
        var body = UnreadBody.note(request);
        getNext().invoke(request, response);
        if (request.isAsync()) {
            request.getAsyncContextInternal().addListener(new AtTheEnd(body));
        } else {
            body.giveUp();
        }
    }

    /** By the headers as they are: what has been rejected for one that cannot be read comes by here as well. */
    private static boolean hasBody(Request request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return (length != null && !length.equals("0")) || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }

    /** Of an answer that other threads send. */
    private record AtTheEnd(UnreadBody body) implements AsyncListener {

        @Override
        public void onComplete(AsyncEvent event) {
            body.giveUp();
        }

        @Override
        public void onTimeout(AsyncEvent event) {
            // It is completed next.
        }

        @Override
        public void onError(AsyncEvent event) {
            // As above.
        }

        @Override
        public void onStartAsync(AsyncEvent event) {
            // The valve is invoked once more.
        }
    }
}
