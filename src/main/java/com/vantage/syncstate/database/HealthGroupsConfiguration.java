package com.vantage.syncstate.database;

import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.health.actuate.endpoint.AdditionalHealthEndpointPath;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroup;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroups;
import org.springframework.boot.health.actuate.endpoint.HealthEndpointGroupsPostProcessor;
import org.springframework.boot.health.actuate.endpoint.HttpCodeStatusMapper;
import org.springframework.boot.health.actuate.endpoint.StatusAggregator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Leaves the database to the group readiness: /actuator/health, which anybody may call, is about the instance alone. */
@Configuration(proxyBeanMethods = false)
class HealthGroupsConfiguration {

    @Bean
    static HealthEndpointGroupsPostProcessor databaseInReadinessAlone() {
        return groups -> HealthEndpointGroups.of(
                new WithoutDatabase(groups.getPrimary()),
                groups.getNames().stream().collect(Collectors.toMap(name -> name, groups::get)));
    }

    private record WithoutDatabase(HealthEndpointGroup all) implements HealthEndpointGroup {

        @Override
        public boolean isMember(String name) {
            return !name.equals(DatabaseHealthIndicator.NAME) && all.isMember(name);
        }

        @Override
        public boolean showComponents(SecurityContext caller) {
            return all.showComponents(caller);
        }

        @Override
        public boolean showDetails(SecurityContext caller) {
            return all.showDetails(caller);
        }

        @Override
        public StatusAggregator getStatusAggregator() {
            return all.getStatusAggregator();
        }

        @Override
        public HttpCodeStatusMapper getHttpCodeStatusMapper() {
            return all.getHttpCodeStatusMapper();
        }

        @Override
        public @Nullable AdditionalHealthEndpointPath getAdditionalPath() {
            return all.getAdditionalPath();
        }
    }
}
