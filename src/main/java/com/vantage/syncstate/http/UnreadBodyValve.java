package com.vantage.syncstate.http;

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
        if (!request.isAsync()) {
            body.giveUp();
        }
    }

    /** By the headers as they are: what has been rejected for one that cannot be read comes by here as well. */
    private static boolean hasBody(Request request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return (length != null && !length.equals("0")) || request.getHeader(HttpHeaders.TRANSFER_ENCODING) != null;
    }
}
