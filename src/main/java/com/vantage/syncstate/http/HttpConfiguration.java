package com.vantage.syncstate.http;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.catalina.core.StandardHost;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.boot.tomcat.servlet.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.web.filter.RequestContextFilter;
import org.springframework.web.method.support.HandlerMethodReturnValueHandler;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerAdapter;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/** Sets up the dispatcher, JSON and the server in front of them. */
@Configuration(proxyBeanMethods = false)
class HttpConfiguration implements WebMvcConfigurer {

    private final QueryParameterInterceptor knownParameters;
    private final JsonMapper json;

    HttpConfiguration(QueryParameterInterceptor knownParameters, JsonMapper json) {
        this.knownParameters = knownParameters;
        this.json = json;
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters.withJsonConverter(new FixedLengthJsonConverter(json));
    }

    @Override
    public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(knownParameters).excludePathPatterns("/v3/**", "/swagger-ui/**");
    }

    /** Handlers found by their path, and what they answer written without asking around. */
    @Bean
    static WebMvcRegistrations shortWays(JsonMapper json) {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new ExplicitlyAcceptsHandlerMapping();
            }

            @Override
            public RequestMappingHandlerAdapter getRequestMappingHandlerAdapter() {
                return new DirectlyAnsweringAdapter(new FixedLengthJsonConverter(json));
            }
        };
    }

    private static final class DirectlyAnsweringAdapter extends RequestMappingHandlerAdapter {

        private final FixedLengthJsonConverter json;

        DirectlyAnsweringAdapter(FixedLengthJsonConverter json) {
            this.json = json;
        }

        @Override
        public void afterPropertiesSet() {
            super.afterPropertiesSet();
            List<HandlerMethodReturnValueHandler> framework = Objects.requireNonNull(getReturnValueHandlers());
            var handlers = new ArrayList<HandlerMethodReturnValueHandler>();
            handlers.add(new DirectAnswerHandler(json, framework));
            handlers.addAll(framework);
            setReturnValueHandlers(handlers);
        }
    }

    /** The dispatcher notes the request of its thread itself, and nothing before it looks for one. */
    @Bean
    static FilterRegistrationBean<RequestContextFilter> noContextBeforeTheDispatcher() {
        var registration = new FilterRegistrationBean<>(new RequestContextFilter());
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    static JsonMapperBuilderCustomizer timesAndIds() {
        return builder -> builder.addModule(new SimpleModule("times and ids")
                .addSerializer(Instant.class, new MicrosecondSerializer())
                .addDeserializer(
                        Instant.class, new StrictTextDeserializer<>(Instant.class, StrictTextDeserializer::time))
                .addDeserializer(JsonNode.class, new JsonTreeDeserializer())
                .addDeserializer(UUID.class, new StrictTextDeserializer<>(UUID.class, StrictTextDeserializer::uuid)));
    }

    /** What the server itself rejects, such as an address that cannot be parsed, is a problem as well. */
    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> serverProblems() {
        return factory -> factory.addContextCustomizers(context ->
                ((StandardHost) context.getParent()).setErrorReportValveClass(ServerProblemValve.class.getName()));
    }

    /**
     * The server reads parameters as someone asks for the first of them, and fails there over one that it cannot read: so
     * it reads no body, and counts none. The firewall has seen that the query can be read.
     */
    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> parametersOfTheQueryAlone() {
        return factory -> factory.addConnectorCustomizers(connector -> {
            connector.setParseBodyMethods("");
            connector.setMaxParameterCount(-1);
        });
    }

    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> ourProtocol() {
        return factory -> factory.setProtocol(HttpProtocol.class.getName());
    }

    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> unreadBodies() {
        return factory -> factory.addEngineValves(new UnreadBodyValve());
    }

    /**
     * The page at / is a forward. Where it ends without a body, as to HEAD, the server would send the headers past the
     * filters that add theirs last, the security headers among them.
     */
    @Bean
    static WebServerFactoryCustomizer<TomcatServletWebServerFactory> forwardsThroughTheFilters() {
        return factory ->
                factory.addContextCustomizers(context -> context.setSuspendWrappedResponseAfterForward(false));
    }
}
