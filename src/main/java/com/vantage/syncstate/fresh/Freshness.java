package com.vantage.syncstate.fresh;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.error.RequestRejected;
import com.vantage.syncstate.error.ResourceFreshness;
import com.vantage.syncstate.http.ETagBuilder;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.http.ResponseEntity;

/**
 * That all resources are fresh.
 *
 * @param fresh true
 * @param resources in the order of the request
 */
record Freshness(@Schema(example = "true") boolean fresh, List<ResourceFreshness> resources) {

    private static final int MAX_SENTENCES = 5;

    /** The answer that says so. */
    static ResponseEntity<Freshness> answer(FreshnessRepository.Verdict verdict) {
        return ETagBuilder.answer(
                        new ETagBuilder().add(verdict.resources().toString()).value())
                .body(new Freshness(true, verdict.resources()));
    }

    /** The answer where it is not so. */
    static RequestRejected rejection(FreshnessRepository.Verdict verdict) {
        if (!verdict.unknown().isEmpty()) {
            return new RequestRejected(
                    ProblemType.SYNC_STATE_NOT_FOUND,
                    "There is no resource " + shortened(verdict.unknown(), ", ")
                            + ". Check the name against GET /sync-states; a resource is registered by its first start.",
                    RequestRejected.Details.of(verdict.unknown().get(0)));
        }
        List<String> reasons = verdict.resources().stream()
                .filter(resource -> !resource.fresh())
                .map(ResourceFreshness::reason)
                .toList();
        return new RequestRejected(
                ProblemType.NOT_FRESH,
                shortened(reasons, " ")
                        + " Wait for it with the parameter wait, for example wait=PT50S, or accept older data.",
                RequestRejected.Details.of(verdict.resources()));
    }

    private static String shortened(List<String> parts, String separator) {
        String first = parts.stream().limit(MAX_SENTENCES).collect(Collectors.joining(separator));
        return parts.size() > MAX_SENTENCES ? first + separator + (parts.size() - MAX_SENTENCES) + " more." : first;
    }
}
