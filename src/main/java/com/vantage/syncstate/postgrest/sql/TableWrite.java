package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.PreferHeader;
import com.vantage.syncstate.postgrest.request.ResponseShape;
import com.vantage.syncstate.postgrest.request.TableQuery;
import org.springframework.security.core.Authentication;

/** A write as it was requested: of which rows, by whom, and how it is to be answered. */
public record TableWrite(
        Relation relation, TableQuery query, PreferHeader wanted, ResponseShape shape, Authentication caller) {

    /** Whether the rows are answered as the write leaves them. */
    boolean represented() {
        return wanted.wants(PreferHeader.Return.REPRESENTATION);
    }
}
