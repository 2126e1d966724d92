package com.vantage.syncstate.http;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.util.List;
import org.springdoc.core.customizers.OpenApiCustomizer;
import org.springdoc.core.customizers.OperationCustomizer;
import org.springdoc.core.customizers.PropertyCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Describes the service as OpenAPI 3.1: what the controllers declare, and what all of them share. */
@Configuration(proxyBeanMethods = false)
class OpenApiConfiguration {

    private static final String BEARER = "bearer";
    private static final String APIKEY = "apikey";

    static {
        SpringDocUtils.getConfig().addResponseWrapperToIgnore(CachedJson.class);
    }

    /** Names keys as the JSON of the service does. */
    @Bean
    ModelResolver snakeCaseModels() {
        ObjectMapper mapper = Json31.mapper().copy();
        mapper.setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
        return new ModelResolver(mapper).openapi31(true);
    }

    @Bean
    OpenAPI description() {
        return new OpenAPI()
                .info(new Info()
                        .title("vantage-sync-state")
                        .version("1")
                        .description(
                                "When did each resource last sync, did it work, is it running, is it stuck, what went"
                                        + " wrong? Jobs POST start, progress, complete and fail; dashboards GET the states."
                                        + " Reading requires a reader key, writing a service key. Every answer outside 2xx and 304 is"
                                        + " application/problem+json, and its detail says what to do."))
                .servers(List.of(new Server().url("/").description("Where this document comes from")))
                .security(List.of(new SecurityRequirement().addList(APIKEY), new SecurityRequirement().addList(BEARER)))
                .components(new Components()
                        .addSecuritySchemes(
                                APIKEY,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.APIKEY)
                                        .in(SecurityScheme.In.HEADER)
                                        .name("apikey"))
                        .addSecuritySchemes(
                                BEARER,
                                new SecurityScheme()
                                        .type(SecurityScheme.Type.HTTP)
                                        .scheme("bearer")
                                        .description(
                                                "A key, or a JWT whose claim role is service_role, authenticated or"
                                                        + " anon.")));
    }

    @Bean
    PropertyCustomizer properties() {
        return OpenApiSchemas::mark;
    }

    @Bean
    OperationCustomizer operations() {
        return OpenApiProblems::describe;
    }

    /** In this order: what is added is completed like the rest. */
    @Bean
    OpenApiCustomizer document() {
        return document -> {
            OpenApiActuator.describe(document);
            OpenApiSchemas.complete(document);
            OpenApiProblems.share(document);
        };
    }
}
