package com.vantage.syncstate.config;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.validation.BindValidationException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.validation.FieldError;

/** Names the setting of ours that cannot be read, and gives an example; the framework's own analyzers stop at the name. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class UnreadableSettingAnalyzer extends AbstractFailureAnalyzer<BindException> {

    private static final Map<String, String> EXAMPLES = Map.of(
            "vantage.http.max-body-size", "1MB",
            "vantage.datasource.reader.maximum-pool-size", "10",
            "vantage.datasource.service.maximum-pool-size", "10",
            "vantage.datasource.max-queued-requests", "80",
            "vantage.embedded.directory", "/var/lib/vantage-sync-state",
            "vantage.alerts.stuck-after", "PT30M",
            "vantage.alerts.stale-after", "PT24H",
            "vantage.alerts.slow-after", "PT5M",
            "vantage.runs.retention", "P90D");

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable rootFailure, BindException cause) {
        String property = cause.getName().toString();
        if (!property.startsWith("vantage.") || findCause(rootFailure, UnusableSettingException.class) != null) {
            return null;
        }
        BindValidationException invalid = findCause(rootFailure, BindValidationException.class);
        if (invalid != null) {
            property = property + "."
                    + invalid.getValidationErrors().getAllErrors().stream()
                            .filter(FieldError.class::isInstance)
                            .map(error -> ((FieldError) error).getField())
                            .findFirst()
                            .orElse("");
        }
        String name = property.replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
        return new FailureAnalysis(
                name + " is invalid: " + rootCause(rootFailure) + ".",
                "Set it to a value such as " + EXAMPLES.getOrDefault(name, "the one in the README's table") + ".",
                cause);
    }

    private static String rootCause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage()).lines().findFirst().orElse("");
    }
}
