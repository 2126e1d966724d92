package com.vantage.syncstate.http;

import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ErrorReportValve;
import org.springframework.web.context.support.WebApplicationContextUtils;

/** Answers what Tomcat rejects before the dispatcher sees it. */
public final class ServerProblemValve extends ErrorReportValve {

    @Override
    protected void report(Request request, Response response, Throwable cause) {
        if (response.getStatus() < 400 || response.getContentWritten() > 0 || !response.setErrorReported()) {
            return;
        }
        errorFormat(request).ifPresent(own -> request.setAttribute(ErrorFormat.ATTRIBUTE, own));
        UnreadBody body = UnreadBody.of(request);
        if (body != null) {
            body.settle(response);
        }
        try {
            ProblemErrorController.answer(request, response, response.getStatus());
        } catch (IOException e) {
            // The connection is lost, and with it whoever would read the answer.
            container.getLogger().debug("Not answered", e);
        }
    }

    private Optional<ErrorFormat> errorFormat(Request request) {
        String path = Objects.requireNonNullElse(request.getRequestURI(), "");
        return Arrays.stream(container.findChildren())
                .filter(Context.class::isInstance)
                .map(context ->
                        WebApplicationContextUtils.getWebApplicationContext(((Context) context).getServletContext()))
                .filter(Objects::nonNull)
                .flatMap(beans -> beans.getBeanProvider(ErrorFormat.class).stream())
                .filter(own -> own.covers(path))
                .findFirst();
    }
}
