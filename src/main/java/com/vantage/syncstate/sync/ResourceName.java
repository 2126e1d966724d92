package com.vantage.syncstate.sync;

import jakarta.validation.Constraint;
import jakarta.validation.Payload;
import jakarta.validation.ReportAsSingleViolation;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A name that the constraint {@code vantage_sync_state_resource_valid} accepts; checked here for a better message. */
@Pattern(regexp = ResourceName.PATTERN)
@ReportAsSingleViolation
@Constraint(validatedBy = {})
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface ResourceName {

    String PATTERN = "[A-Za-z0-9][A-Za-z0-9_.:-]{0,127}";

    String message() default "must be 1 to 128 of A-Z a-z 0-9 _ . : -, beginning with a letter or digit";

    Class<?>[] groups() default {};

    Class<? extends Payload>[] payload() default {};
}
