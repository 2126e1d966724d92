package com.vantage.syncstate.postgrest.sql;

import com.vantage.syncstate.postgrest.plan.Catalog;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.plan.Routine;
import com.vantage.syncstate.postgrest.request.RequestPayload;
import com.vantage.syncstate.postgrest.request.SelectItem;
import com.vantage.syncstate.sync.LifecycleCall;
import com.vantage.syncstate.sync.ResourceName;
import com.vantage.syncstate.sync.StorableJson;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A call of a lifecycle function in a batch: where the function is the service's own and each argument is of the JSON type
 * of its parameter. What PostgreSQL would first have to make of the others, or how it refuses them, is seen alone.
 */
final class BatchedRoutine {

    private static final Set<String> SIGNATURES = Set.of(
            "public.start_vantage_sync(p_resource, p_run_id, p_force)",
            "public.progress_vantage_sync(p_resource, p_records, p_total, p_run_id)",
            "public.complete_vantage_sync(p_resource, p_records_synced, p_records_created, p_records_updated, p_run_id,"
                    + " p_watermark)",
            "public.fail_vantage_sync(p_resource, p_errors, p_run_id, p_records_synced, p_records_created,"
                    + " p_records_updated)");

    private static final String PREFIX = "p_";
    private static final Pattern NAME = Pattern.compile(ResourceName.PATTERN);
    private static final Pattern UUID_TEXT =
            Pattern.compile("\\p{XDigit}{8}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{4}-\\p{XDigit}{12}");
    private static final Pattern TIME =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)");

    private BatchedRoutine() {}

    /** Null where it has to be made alone. */
    static @Nullable LifecycleCall<RowsResponse> of(Routine routine, RequestPayload arguments, Catalog catalog) {
        JsonNode resource = arguments.json().path("p_resource");
        if (!SIGNATURES.contains(routine.signature()) || !matches(resource, NAME)) {
            return null;
        }
        LifecycleCall<RowsResponse> call = new LifecycleCall<>(
                RoutineCaller.call(routine), resource.stringValue(), answer(routine.result(), catalog));
        for (Map.Entry<String, JsonNode> argument : arguments.json().properties()) {
            if (!add(call, argument.getKey().substring(PREFIX.length()), argument.getValue())) {
                return null;
            }
        }
        return call;
    }

    /** Whether it has the type of the parameter. */
    private static boolean add(LifecycleCall<?> call, String name, JsonNode value) {
        boolean added = switch (name) {
            case "resource" -> true;
            case "run_id" -> matches(value, UUID_TEXT);
            case "watermark" -> matches(value, TIME);
            case "force" -> value.isBoolean();
            case "errors" -> value.isArray();
            default -> value.isIntegralNumber() && value.canConvertToInt();
        };
        if (added && !name.equals("resource")) {
            call.withJson(name, StorableJson.of(value));
        }
        return added;
    }

    private static boolean matches(JsonNode value, Pattern pattern) {
        return value.isString() && pattern.matcher(value.stringValue()).matches();
    }

    private static LifecycleCall.Answer<RowsResponse> answer(Relation relation, Catalog catalog) {
        var columns = SqlBuilder.on(relation, catalog);
        var selected = new SelectList(columns, relation, SelectItem.ALL);
        selected.limit().add(" as rpc_row, ");
        selected.values().add(",");
        return new LifecycleCall.Answer<>(RowsResponse.class, columns.text(), (row, number) -> {
            var read = new RowsResponse(selected.labels(), row.findColumn("rpc_row") + 1);
            read.processRow(row);
            return read;
        });
    }
}
