package com.vantage.syncstate.sync;

import com.vantage.syncstate.database.WriteCoalescer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;

/** Makes lifecycle calls, by whatever address they come: a few each alone, those that arrive while others are at work together. */
@Component
public class LifecycleCalls {

    private final boolean batches;
    private final WriteCoalescer<Call<?>, Object> calls;
    private final Counter alone;

    LifecycleCalls(LifecycleBatch batch, BatchProperties properties, MeterRegistry meters) {
        batches = properties.maxCalls() > 1;
        calls = new WriteCoalescer<>(
                properties.above(),
                properties.maxCalls(),
                this::alone,
                together -> batch.apply(
                        together.stream().<LifecycleCall<?>>map(Call::inBatch).toList()));
        alone = Counter.builder("vantage.sync.calls.alone")
                .description("Lifecycle calls that went alone in a transaction")
                .register(meters);
    }

    /**
     * Answers once the call is applied.
     *
     * @param alone makes the same call in a statement of its own
     */
    public <R> R make(LifecycleCall<R> call, Supplier<R> alone) {
        var made = new Call<>(call, alone);
        return call.answer().type().cast(batches && call.fitsBatch() ? calls.write(made) : alone(made));
    }

    private Object alone(Call<?> call) {
        Object answer = call.alone.get();
        alone.increment();
        return answer;
    }

    private record Call<R>(LifecycleCall<R> inBatch, Supplier<R> alone) {}
}
