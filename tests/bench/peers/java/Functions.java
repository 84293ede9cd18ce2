import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** R1, R2 and R3 by hand in one function: one look-up of one key's state an event, one timer a key at a time. */
public class Functions extends KeyedProcessFunction<Integer, Event, Found> {
    static final long R1 = 2_000, R2 = 60_000, R3 = 21_600_000, NEVER = Long.MIN_VALUE / 2;

    /** What is remembered of a key. It lies on the heap, so it is changed where it lies. */
    public static class Seen {
        public long fast = NEVER, rest = NEVER, care = NEVER;
        public long[] times = {NEVER, NEVER, NEVER, NEVER, NEVER};
        public int next;
        public boolean armed;
    }

    private final long end; // the last event's moment: a file that ends lets time run on for ever, which no day does
    private transient ValueState<Seen> seen;

    public Functions(long end) {
        this.end = end;
    }

    @Override
    public void open(OpenContext context) {
        seen = getRuntimeContext().getState(new ValueStateDescriptor<>("seen", Seen.class));
    }

    @Override
    public void processElement(Event e, Context at, Collector<Found> out) throws Exception {
        Seen my = seen.value();
        if (my == null) {
            my = new Seen();
            seen.update(my);
        }
        if (e.kind == Event.SPEED) {
            if (e.value > 40) {
                my.fast = e.t;
            }
            my.times[my.next] = e.t; // over the fifth last; the slot after it is now the oldest of five
            my.next = (my.next + 1) % 5;
            if (e.t - my.times[my.next] <= R2 && e.t >= my.rest) {
                my.rest = e.t + R2;
                out.collect(new Found(2, e.key, e.t));
            }
        } else if (e.kind == Event.WALKER) {
            if (e.t - my.fast <= R1) {
                out.collect(new Found(1, e.key, e.t));
            }
            my.fast = NEVER;
        } else {
            if (!my.armed) {
                my.armed = true;
                at.timerService().registerEventTimeTimer(e.t + R3);
            } else if (my.care + R3 < e.t) { // due before this event, which came before its watermark
                out.collect(new Found(3, e.key, my.care + R3));
            }
            my.care = e.t;
        }
    }

    @Override
    public void onTimer(long now, OnTimerContext at, Collector<Found> out) throws Exception {
        Seen my = seen.value();
        long due = my.care + R3;
        if (due > now) {
            at.timerService().registerEventTimeTimer(due);
        } else {
            my.armed = false;
            if (due <= end) {
                out.collect(new Found(3, at.getCurrentKey(), due));
            }
        }
    }
}
