package com.vantage.syncstate.database;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;

/** Runs each statement of a request when it is its turn. */
final class QueuedJdbcTemplate extends JdbcTemplate {

    private final RequestQueue queue;

    QueuedJdbcTemplate(DataSource dataSource, RequestQueue queue) {
        super(dataSource);
        this.queue = queue;
    }

    @Override
    public <T extends @Nullable Object> T query(
            PreparedStatementCreator statement, @Nullable PreparedStatementSetter values, ResultSetExtractor<T> rows) {
        return queue.inTurn(() -> super.query(statement, values, rows));
    }

    @Override
    public <T extends @Nullable Object> T execute(
            PreparedStatementCreator statement, PreparedStatementCallback<T> work) {
        return queue.inTurn(() -> super.execute(statement, work));
    }

    @Override
    protected int update(PreparedStatementCreator statement, @Nullable PreparedStatementSetter values) {
        return queue.inTurn(() -> super.update(statement, values));
    }
}
