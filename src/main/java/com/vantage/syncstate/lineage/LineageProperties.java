package com.vantage.syncstate.lineage;

import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.PatternMatchUtils;

/**
 * Which jobs of OpenLineage become resources.
 *
 * @param register names of jobs that are registered by their first event, each with {@code *} for any characters; without
 *     one, events of unregistered jobs are ignored
 */
@ConfigurationProperties("vantage.openlineage")
record LineageProperties(@DefaultValue List<String> register) {

    LineageProperties {
        register = register.stream()
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    boolean registers(String job) {
        return PatternMatchUtils.simpleMatch(register.toArray(String[]::new), job);
    }
}
