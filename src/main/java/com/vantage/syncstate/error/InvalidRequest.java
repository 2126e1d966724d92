package com.vantage.syncstate.error;

import com.vantage.syncstate.error.RequestRejected.FieldError;
import java.util.List;

/** A request that is not valid. It has no stack trace, see {@link RequestRejected}. */
public final class InvalidRequest extends RuntimeException {

    private final transient List<FieldError> fieldErrors;

    /**
     * @param message what is wrong and what is expected
     * @param fieldErrors the same, place by place
     */
    public InvalidRequest(String message, List<FieldError> fieldErrors) {
        super(message, null, false, false);
        this.fieldErrors = List.copyOf(fieldErrors);
    }

    /** One parameter that is wrong. */
    public static InvalidRequest parameter(String name, String detail) {
        return new InvalidRequest("The parameter " + name + " " + detail + ".", List.of(new FieldError(name, detail)));
    }

    public List<FieldError> fieldErrors() {
        return fieldErrors;
    }
}
