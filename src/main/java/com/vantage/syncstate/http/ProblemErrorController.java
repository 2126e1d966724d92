package com.vantage.syncstate.http;

import com.vantage.syncstate.error.ProblemType;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what was rejected outside the dispatcher, such as by the server or a filter. */
@Hidden
@Controller
class ProblemErrorController implements ErrorController {

    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) throws IOException {
        // Called as an address of its own, this is one that does not exist.
        int status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code ? code : 404;
        answer(request, response, status);
    }

    /** Answers a request of which only the status is known. */
    static void answer(HttpServletRequest request, HttpServletResponse response, int status) throws IOException {
        ProblemType type = "CONNECT".equals(request.getMethod())
                // The server says of its address that it is none.
                ? ProblemType.METHOD_NOT_ALLOWED
                : ProblemType.ofStatus(status);
        ProblemWriter.write(request, response, type, detail(type));
    }

    private static String detail(ProblemType type) {
        return switch (type) {
            case INVALID_REQUEST ->
                "The request line or a header is malformed, too long, or of a kind that is not served. Percent-encode the"
                        + " address; a resource name needs no encoding.";
            case NOT_FOUND -> "See /v3/api-docs for available endpoints.";
            default -> type.title() + ".";
        };
    }
}
