package com.vantage.syncstate.postgrest.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.vantage.syncstate.postgrest.error.PostgrestError;
import com.vantage.syncstate.postgrest.plan.Column;
import com.vantage.syncstate.postgrest.plan.Relation;
import com.vantage.syncstate.postgrest.request.OrderTerm;
import com.vantage.syncstate.postgrest.request.QueryString;
import com.vantage.syncstate.postgrest.request.SelectItem;
import com.vantage.syncstate.postgrest.request.TableQuery;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parameters of a request become, and which are refused before any SQL is made of them. */
class QueryLanguageTest {

    private static final Relation STATES = new Relation(
            "vantage_sync_state",
            List.of(
                    new Column("resource", "text", null, true),
                    new Column("duration_ms", "integer", null, false),
                    new Column("errors", "jsonb", null, false)));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            resource=eq.a                          | s."resource" = ?
            resource=neq.a                         | s."resource" <> ?
            duration_ms=gt.1                       | s."duration_ms" > ?
            duration_ms=gte.1                      | s."duration_ms" >= ?
            duration_ms=lt.1                       | s."duration_ms" < ?
            duration_ms=lte.1                      | s."duration_ms" <= ?
            resource=like.a*                       | s."resource" like ?
            resource=ilike.a*                      | s."resource" ilike ?
            resource=in.(a,b)                      | s."resource" = any (?)
            duration_ms=is.null                    | s."duration_ms" is null
            duration_ms=is.TRUE                    | s."duration_ms" is true
            duration_ms=is.unknown                 | s."duration_ms" is unknown
            resource=not.eq.a                      | not s."resource" = ?
            duration_ms=not.is.null                | not s."duration_ms" is null
            resource=not.in.(a)                    | not s."resource" = any (?)
            errors->0->>code=eq.a                  | s."errors"->cast(? as int)->>cast(? as text) = ?
            resource->a=eq.1                       | to_jsonb(s."resource")->cast(? as text) = ?
            resource=eq.a&duration_ms=gt.1         | s."resource" = ? and s."duration_ms" > ?
            or=(resource.eq.a,duration_ms.is.null) | (s."resource" = ? or s."duration_ms" is null)
            and=(resource.eq.a)                    | (s."resource" = ?)
            not.or=(resource.eq.a)                 | not (s."resource" = ?)
            or=(a.eq.1,b.eq.2)&select=x            | unknown column a
            or=(resource.not.in.(a,b),and(resource.eq.a,not.or(duration_ms.gt.2,duration_ms.is.null))) | \
            (not s."resource" = any (?) or (s."resource" = ? and not (s."duration_ms" > ? or s."duration_ms" is null)))
            """)
    void makesBoundConditions(String query, String expected) {
        assertThat(where(query)).isEqualTo(expected);
    }

    @Test
    void keepsWhatIsComparedOutOfTheSql() {
        String hostile = "');drop table vantage_sync_state;--";

        String sql = where("resource=eq." + hostile + "&errors->" + "\"x'\"" + "=eq.1&or=(resource.like.\"" + hostile
                + "\")&resource=in.(\"" + hostile + "\")");

        assertThat(sql).doesNotContain("drop").doesNotContain("'").doesNotContain(";");
    }

    @Test
    void writesNoAliasIntoTheSql() {
        List<SelectItem> selection = SelectItem.read("\"x\\\";drop--\":resource");

        assertThat(selection.get(0).label()).isEqualTo("x\";drop--");
        assertThat(selected(selection).values().text()).isEqualTo("to_json(s.\"resource\")::text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            resource                  | resource       | to_json(s."resource")::text
            a:resource                | a              | to_json(s."resource")::text
            duration_ms::text         | duration_ms    | to_json(cast(s."duration_ms" as text))::text
            errors->0->>message       | message        | to_json(s."errors"->cast(? as int)->>cast(? as text))::text
            errors->0                 | errors         | to_json(s."errors"->cast(? as int))::text
            errors->0->context->-1    | context        | to_json(s."errors"->cast(? as int)->cast(? as text)->cast(? as int))::text
            e:errors->>0::int         | e              | to_json(cast(s."errors"->>cast(? as int) as integer))::text
            """)
    void makesSelections(String select, String label, String expected) {
        List<SelectItem> selection = SelectItem.read(select);

        assertThat(selected(selection).labels()).containsExactly(label);
        assertThat(selected(selection).values().text()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            resource                           | order by s."resource"
            duration_ms.desc                   | order by s."duration_ms" desc
            duration_ms.asc.nullsfirst         | order by s."duration_ms" asc nulls first
            duration_ms.nullslast,resource     | order by s."duration_ms" nulls last, s."resource"
            """)
    void makesOrders(String order, String expected) {
        assertThat(sql().order(OrderTerm.read(order)).text().strip()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            select=run(*)                     | embedding
            select=a:run!inner(id)            | embedding
            select=...run(id)                 | spread
            select=count()                    | aggregate
            select=duration_ms.sum()          | aggregate
            select=resource::regclass         | cast
            order=run(id).desc                | embedded
            resource=fts.a                    | operator fts
            resource=wfts(english).a          | operator wfts
            errors=cs.{a}                     | operator cs
            errors=cd.{a}                     | operator cd
            errors=ov.{a}                     | operator ov
            resource=match.^a                 | operator match
            resource=imatch.^a                | operator imatch
            resource=isdistinct.a             | operator isdistinct
            resource=eq(any).{a}              | (any)
            """)
    void refusesByNameWhatPostgrestHasAndThisHasNot(String query, String named) {
        PostgrestError error = errorOf(query);

        assertThat(error.code()).isEqualTo("PGRST100");
        assertThat(error.status()).isEqualTo(400);
        assertThat(error.getMessage()).contains("Not supported here").contains(named);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "resource=a",
                "resource=",
                "resource=foo.1",
                "resource=eq",
                "resource=not.1",
                "resource=in.a",
                "resource=in.(a",
                "resource=is.nil",
                "=eq.1",
                "or=(",
                "or=()",
                "or=(resource.eq.a",
                "or=(resource)",
                "or=resource.eq.a",
                "or=(resource.eq.a))",
                "order=",
                "order=resource.up",
                "order=resource.asc.up",
                "select=resource,",
                "select=,",
                "select=resource)",
                "select=resource::",
                "select=-a",
                "select=\"resource",
                "columns=",
            })
    void refusesWhatCannotBeParsed(String query) {
        PostgrestError error = errorOf(query);

        assertThat(error.code()).isEqualTo("PGRST100");
        assertThat(error.status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            resource=foo.1     | "failed to parse filter (foo.1)" (line 1, column 1)        | unexpected "f" expecting "not" or operator (eq, gt, ...)
            resource=not.foo.1 | "failed to parse filter (not.foo.1)" (line 1, column 5)    | unexpected "f" expecting operator (eq, gt, ...)
            resource=in.(a     | "failed to parse filter (in.(a)" (line 1, column 6)        | unexpected end of input expecting "," or ")"
            order=resource.foo | "failed to parse order (resource.foo)" (line 1, column 10) | unexpected "f" expecting "asc", "desc", "nullsfirst" or "nullslast"
            or=(resource.eq.a  | "failed to parse logic tree ((resource.eq.a)" (line 1, column 17) | unexpected end of input expecting "," or ")"
            """)
    void wordsErrorsAsPostgrestDoes(String query, String message, String details) {
        PostgrestError error = errorOf(query);

        assertThat(error.getMessage()).isEqualTo(message);
        assertThat(error.details()).isEqualTo(details);
    }

    @Test
    void endsAtDeepNesting() {
        String deep = "or=" + "(and".repeat(5_000) + "(resource.eq.a)" + ")".repeat(5_000);

        assertThat(errorOf(deep).getMessage()).contains("nested more than");
    }

    @Test
    void refusesFiltersOfOtherTables() {
        assertThat(errorOf("run.id=eq.1").code()).isEqualTo("PGRST108");
    }

    private static String where(String query) {
        try {
            return sql().where(read(query).where()).text().strip().replaceFirst("^where ", "");
        } catch (PostgrestError error) {
            return error.getMessage()
                    .replaceFirst("column vantage_sync_state.(.*) does not exist", "unknown column $1");
        }
    }

    private static TableQuery read(String query) {
        return TableQuery.read(
                new QueryString(java.util.Arrays.stream(query.split("&"))
                        .map(pair -> new QueryString.Parameter(
                                pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1)))
                        .toList()),
                null);
    }

    private static PostgrestError errorOf(String query) {
        PostgrestError error = catchThrowableOfType(PostgrestError.class, () -> read(query));
        assertThat(error).as(query).isNotNull();
        return error;
    }

    private static SelectList selected(List<SelectItem> selection) {
        return new SelectList(sql(), STATES, selection);
    }

    private static SqlBuilder sql() {
        return new SqlBuilder(STATES, STATES::find);
    }
}
