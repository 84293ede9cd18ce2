import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Takes a key's events and does nothing: what Flink's way to a key costs by itself. */
public class Nothing extends KeyedProcessFunction<Integer, Event, Found> {
    @Override
    public void processElement(Event e, Context at, Collector<Found> out) {}
}
