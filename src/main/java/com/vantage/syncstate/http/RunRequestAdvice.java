package com.vantage.syncstate.http;

import java.lang.reflect.Type;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.servlet.mvc.method.annotation.RequestBodyAdviceAdapter;

/** Notes in the request that its body names a run, since a problem that comes later has no body to look into. */
@RestControllerAdvice
class RunRequestAdvice extends RequestBodyAdviceAdapter {

    /** Name of the request's attribute; set where a run is named. */
    static final String ATTRIBUTE = RunRequestAdvice.class.getName();

    @Override
    public boolean supports(MethodParameter parameter, Type type, Class<? extends HttpMessageConverter<?>> converter) {
        return RunRequest.class.isAssignableFrom(parameter.getParameterType());
    }

    @Override
    public Object afterBodyRead(
            Object body,
            HttpInputMessage message,
            MethodParameter parameter,
            Type type,
            Class<? extends HttpMessageConverter<?>> converter) {
        if (body instanceof RunRequest request && request.runId() != null) {
            RequestContextHolder.currentRequestAttributes()
                    .setAttribute(ATTRIBUTE, true, RequestAttributes.SCOPE_REQUEST);
        }
        return body;
    }
}
