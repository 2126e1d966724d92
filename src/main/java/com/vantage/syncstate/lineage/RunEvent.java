package com.vantage.syncstate.lineage;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * An event of OpenLineage, as far as it matters here; all else in it is passed over.
 *
 * @param dataset of an event about a dataset, which has no run
 */
record RunEvent(
        @Nullable String eventType,
        @Nullable String eventTime,
        @Nullable Run run,
        @Nullable Job job,
        @Nullable Dataset dataset,
        @Nullable List<@Nullable Output> outputs) {

    private static final BigDecimal MAX_COUNT = BigDecimal.valueOf(Integer.MAX_VALUE);

    /** The rows written to all outputs; as many as a count can say, where there are more. */
    int rowCount() {
        return Stream.ofNullable(outputs)
                .flatMap(List::stream)
                .filter(Objects::nonNull)
                .map(Output::rowCount)
                .filter(count -> count != null && count.isNumber())
                .map(count -> count.decimalValue().max(BigDecimal.ZERO).min(MAX_COUNT))
                .reduce(BigDecimal.ZERO, (sum, count) -> sum.add(count).min(MAX_COUNT))
                .intValue();
    }

    @Nullable
    ErrorMessage error() {
        return run == null || run.facets() == null ? null : run.facets().errorMessage();
    }

    record Run(@Nullable String runId, @Nullable RunFacets facets) {}

    record RunFacets(@Nullable ErrorMessage errorMessage) {}

    record ErrorMessage(@Nullable String message, @Nullable String stackTrace) {}

    record Job(@Nullable String name) {}

    record Dataset(@Nullable String name) {}

    record Output(@Nullable OutputFacets outputFacets) {

        @Nullable
        JsonNode rowCount() {
            return outputFacets == null || outputFacets.outputStatistics() == null
                    ? null
                    : outputFacets.outputStatistics().rowCount();
        }
    }

    record OutputFacets(@Nullable OutputStatistics outputStatistics) {}

    record OutputStatistics(@Nullable JsonNode rowCount) {}
}
