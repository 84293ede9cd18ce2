import java.nio.ByteBuffer;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * {@code java Peer JOB FILE PARALLEL PASSES}: the same job some times in one JVM, one JSON line each; the first ones
 * also warm the JVM up. JOB: source (the feed, and a filter that lets nothing through), shuffle (feed, pre-filter, by key,
 * nothing more), functions, cep (all three rules), r1, r2, r3 (that rule by CEP).
 */
public final class Peer {
    private Peer() {}

    public static void main(String[] words) throws Exception {
        ByteBuffer rows = Feed.map(words[1]);
        long end = rows.getLong(rows.capacity() - Feed.SIZE);
        for (int pass = 0; pass < Integer.parseInt(words[3]); pass++) {
            Clock.reset();
            Tally.reset();
            StreamExecutionEnvironment env = StreamExecutionEnvironment.createLocalEnvironment(
                    Integer.parseInt(words[2]), new Configuration());
            env.getConfig().enableObjectReuse();
            env.setBufferTimeout(-1);
            job(words[0], env.addSource(new Feed(words[1])).returns(Event.class), end);
            env.execute();
            StringBuilder found = new StringBuilder();
            for (int rule = 0; rule < 3; rule++) {
                found.append(rule == 0 ? "" : ", ").append(String.format(
                        "\"r%d\": [%d, %d]", rule + 1, Tally.COUNT.get(rule), Tally.SUM.get(rule)));
            }
            System.out.printf("{\"wall_s\": %.4f, \"cpu_s\": %.4f, \"found\": {%s}}%n",
                    Clock.wallSeconds, Clock.cpuSeconds, found);
        }
    }

    private static void job(String name, DataStream<Event> events, long end) {
        switch (name) {
            case "source" -> events.filter(e -> e.kind < 0).sinkTo(new Tally<>());
            case "shuffle" -> events.filter(Event::wanted).keyBy(e -> e.key).process(new Nothing()).sinkTo(new Tally<>());
            case "functions" -> events.filter(Event::wanted).keyBy(e -> e.key).process(new Functions(end))
                    .returns(Found.class).sinkTo(new Tally<>());
            default -> Patterns.of(name, events, end).sinkTo(new Tally<>());
        }
    }
}
