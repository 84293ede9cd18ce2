import java.util.concurrent.atomic.AtomicLongArray;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/** Counts findings and sums them as workload.py does; anything else it only swallows. */
public class Tally<T> implements Sink<T> {
    static final AtomicLongArray COUNT = new AtomicLongArray(3), SUM = new AtomicLongArray(3);

    static void reset() {
        for (int rule = 0; rule < 3; rule++) {
            COUNT.set(rule, 0);
            SUM.set(rule, 0);
        }
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new SinkWriter<T>() {
            @Override
            public void write(T one, Context at) {
                if (one instanceof Found) {
                    Found found = (Found) one;
                    COUNT.incrementAndGet(found.rule - 1);
                    SUM.addAndGet(found.rule - 1, found.key * 7919L + found.t);
                }
            }

            @Override
            public void flush(boolean endOfInput) {
                if (endOfInput) {
                    Clock.end();
                }
            }

            @Override
            public void close() {}
        };
    }
}
