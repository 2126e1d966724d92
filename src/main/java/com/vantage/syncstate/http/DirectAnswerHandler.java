package com.vantage.syncstate.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.http.server.ServletServerHttpResponse;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.ServletWebRequest;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.method.support.HandlerMethodReturnValueHandlerComposite;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Writes what handlers answer of whose media type there is no doubt: bytes with a content type, and what an address offers as
 * JSON alone. All else is written by the framework.
 *
 * <p>The framework asks ten of its own for each answer whether they would write it, resolves the generic type, and negotiates
 * the media type a second time: a tenth of what a read of one state costs. What is sent is the same.
 */
final class DirectAnswerHandler implements HandlerMethodReturnValueHandler {

    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final FixedLengthJsonConverter json;
    private final HandlerMethodReturnValueHandlerComposite framework = new HandlerMethodReturnValueHandlerComposite();

    DirectAnswerHandler(FixedLengthJsonConverter json, List<HandlerMethodReturnValueHandler> framework) {
        this.json = json;
        this.framework.addHandlers(framework);
    }

    @Override
    public boolean supportsReturnType(MethodParameter type) {
        Class<?> answer = type.getParameterType();
        return answer == ResponseEntity.class || answer.isRecord();
    }

    @Override
    public void handleReturnValue(
            @Nullable Object answer, MethodParameter type, ModelAndViewContainer container, NativeWebRequest exchange)
            throws Exception {
        ResponseEntity<?> entity = answer instanceof ResponseEntity<?> whole ? whole : null;
        Object body = entity == null ? answer : entity.getBody();
        byte @Nullable [] bytes = entity != null
                        && body instanceof byte[] given
                        && entity.getHeaders().getContentType() != null
                ? given
                : null;
        var web = (ServletWebRequest) exchange;
        if (body == null || (bytes == null && !offersJsonAlone(web.getRequest()))) {
            framework.handleReturnValue(answer, type, container, exchange);
            return;
        }
        container.setRequestHandled(true);
        var response = new ServletServerHttpResponse(Objects.requireNonNull(web.getResponse()));
        if (entity != null) {
            response.setStatusCode(entity.getStatusCode());
            response.getHeaders().putAll(entity.getHeaders());
            if (isUnchanged(entity, response, web)) {
                response.flush();
                return;
            }
        }
        if (bytes != null) {
            FixedLengthJsonConverter.write(bytes, response);
        } else {
            response.getHeaders().setContentType(MediaType.APPLICATION_JSON);
            json.write(body, response);
        }
        response.flush();
    }

    private static boolean offersJsonAlone(HttpServletRequest request) {
        return request.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) instanceof Collection<?> offered
                && offered.size() == 1
                && MediaType.APPLICATION_JSON.equals(offered.iterator().next());
    }

    /** Whether the caller has this version. The tag is sent in either case. */
    private static boolean isUnchanged(
            ResponseEntity<?> entity, ServletServerHttpResponse response, ServletWebRequest web) {
        String tag = entity.getHeaders().getETag();
        if (tag == null || entity.getStatusCode() != HttpStatus.OK || !READS.contains(web.getHttpMethod())) {
            return false;
        }
        response.getHeaders().remove(HttpHeaders.ETAG);
        return web.checkNotModified(tag);
    }
}
