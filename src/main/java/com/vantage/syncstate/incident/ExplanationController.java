package com.vantage.syncstate.incident;

import com.vantage.syncstate.error.ProblemType;
import com.vantage.syncstate.http.ETagBuilder;
import com.vantage.syncstate.http.ExplicitlyAccepts;
import com.vantage.syncstate.http.Problems;
import com.vantage.syncstate.sync.ResourceName;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Explains a resource, to programs and to people. */
@Tag(name = "Incidents")
@RestController
@RequestMapping("/sync-states/{resource}/explanation")
class ExplanationController {

    private final ExplanationRepository explanations;

    ExplanationController(ExplanationRepository explanations) {
        this.explanations = explanations;
    }

    @Operation(
            operationId = "explain",
            summary = "Explain why a resource is red or green",
            description =
                    "Since when and why, whether it was so before, who else has it, as of when its data is, what is usual, its last steps, and what to look at next. With Accept: text/plain in words alone.")
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    @GetMapping(produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Explanation> explain(@Parameter(example = "funds") @PathVariable @ResourceName String resource) {
        Explanation explanation = explanations.explain(resource);
        return ETagBuilder.answer(new ETagBuilder().add(explanation.toString()).value())
                .body(explanation);
    }

    @Operation(operationId = "explainInWords", summary = "Explain it in words")
    @Problems(ProblemType.SYNC_STATE_NOT_FOUND)
    @GetMapping(produces = MediaType.TEXT_PLAIN_VALUE)
    @ExplicitlyAccepts(MediaType.TEXT_PLAIN_VALUE)
    ResponseEntity<String> explainInWords(@Parameter(example = "funds") @PathVariable @ResourceName String resource) {
        String text = explanations.explain(resource).text() + "\n";
        return ETagBuilder.answer(new ETagBuilder().add(text).value()).body(text);
    }
}
