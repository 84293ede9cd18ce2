import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.cep.CEP;
import org.apache.flink.cep.functions.PatternProcessFunction;
import org.apache.flink.cep.nfa.aftermatch.AfterMatchSkipStrategy;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.SimpleCondition;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * R1, R2 and R3 by Flink CEP, each over a stream that a filter left it only its own events. {@code within} ends before
 * its bound, the rules at it: hence the millisecond more.
 */
final class Patterns {
    private Patterns() {}

    static DataStream<Found> of(String rule, DataStream<Event> events, long end) {
        return switch (rule) {
            case "r1" -> sequence(events);
            case "r2" -> count(events);
            case "r3" -> absence(events, end);
            default -> sequence(events).union(count(events), absence(events, end));
        };
    }

    /** What is left of a key's events is fast cars and walkers, so the two of R1 stand side by side. */
    static DataStream<Found> sequence(DataStream<Event> events) {
        Pattern<Event, ?> pattern = Pattern.<Event>begin("fast").where(SimpleCondition.of(e -> e.kind == Event.SPEED))
                .next("walker").where(SimpleCondition.of(e -> e.kind == Event.WALKER))
                .within(Duration.ofMillis(Functions.R1 + 1));
        return CEP.pattern(
                        events.filter(e -> e.kind == Event.WALKER || (e.kind == Event.SPEED && e.value > 40))
                                .keyBy(e -> e.key),
                        pattern)
                .process(new Told(1, "walker", 0, Long.MAX_VALUE));
    }

    /** CEP finds each five within a minute; that a key rests a minute after one of them it can't say. */
    static DataStream<Found> count(DataStream<Event> events) {
        Pattern<Event, ?> pattern = Pattern.<Event>begin("five", AfterMatchSkipStrategy.noSkip())
                .where(SimpleCondition.of(e -> true)).times(5).consecutive()
                .within(Duration.ofMillis(Functions.R2 + 1));
        return CEP.pattern(events.filter(e -> e.kind == Event.SPEED && e.value > 30).keyBy(e -> e.key), pattern)
                .process(new Told(2, "five", 0, Long.MAX_VALUE))
                .keyBy(found -> found.key)
                .process(new Rest());
    }

    /** A care signal that no other follows. */
    static DataStream<Found> absence(DataStream<Event> events, long end) {
        Pattern<Event, ?> pattern = Pattern.<Event>begin("last").where(SimpleCondition.of(e -> true))
                .notFollowedBy("next").where(SimpleCondition.of(e -> true))
                .within(Duration.ofMillis(Functions.R3 + 1));
        return CEP.pattern(events.filter(e -> e.kind == Event.CARE).keyBy(e -> e.key), pattern)
                .process(new Told(3, "last", Functions.R3, end));
    }

    /** A match as a finding: some time after the last event of one of its parts. */
    static class Told extends PatternProcessFunction<Event, Found> {
        private final int rule;
        private final String part;
        private final long after, end;

        Told(int rule, String part, long after, long end) {
            this.rule = rule;
            this.part = part;
            this.after = after;
            this.end = end;
        }

        @Override
        public void processMatch(Map<String, List<Event>> match, Context at, Collector<Found> out) {
            List<Event> events = match.get(part);
            Event last = events.get(events.size() - 1);
            if (last.t + after <= end) {
                out.collect(new Found(rule, last.key, last.t + after));
            }
        }
    }

    /** Lets a key's finding pass when the one that passed before it is a minute ago. */
    static class Rest extends KeyedProcessFunction<Integer, Found, Found> {
        private transient ValueState<Long> until;

        @Override
        public void open(OpenContext context) {
            until = getRuntimeContext().getState(new ValueStateDescriptor<>("until", Long.class));
        }

        @Override
        public void processElement(Found found, Context at, Collector<Found> out) throws Exception {
            Long wait = until.value();
            if (wait == null || found.t >= wait) {
                until.update(found.t + Functions.R2);
                out.collect(found);
            }
        }
    }
}
