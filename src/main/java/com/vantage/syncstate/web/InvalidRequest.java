package com.vantage.syncstate.web;

import com.vantage.syncstate.database.CallRefused.Flaw;
import java.util.List;

/** A request that cannot be understood. */
public final class InvalidRequest extends RuntimeException {

    private final transient List<Flaw> flaws;

    /**
     * @param message what is wrong and what would be right
     * @param flaws the same, place by place
     */
    public InvalidRequest(String message, List<Flaw> flaws) {
        super(message);
        this.flaws = List.copyOf(flaws);
    }

    /** One parameter that is wrong. */
    public static InvalidRequest parameter(String name, String detail) {
        return new InvalidRequest("The parameter " + name + " " + detail + ".", List.of(new Flaw(name, detail)));
    }

    List<Flaw> flaws() {
        return flaws;
    }
}
