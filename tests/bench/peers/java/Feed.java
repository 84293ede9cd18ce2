import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.flink.streaming.api.functions.source.legacy.RichParallelSourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;

/** The workload from memory: a mapped file of 24 bytes an event. Each of several feeds reads its own keys, in order of time. */
public class Feed extends RichParallelSourceFunction<Event> {
    static final int SIZE = 24, BETWEEN = 1024; // events from one watermark to the next: the engine's batch
    private final String file;

    public Feed(String file) {
        this.file = file;
    }

    static ByteBuffer map(String file) throws Exception {
        try (FileChannel channel = FileChannel.open(Path.of(file))) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size()).order(ByteOrder.LITTLE_ENDIAN);
        }
    }

    @Override
    public void run(SourceContext<Event> out) throws Exception {
        int mine = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask();
        int all = getRuntimeContext().getTaskInfo().getNumberOfParallelSubtasks();
        ByteBuffer rows = map(file);
        int n = rows.capacity() / SIZE;
        Event event = new Event(); // one for all: with object reuse on, whoever keeps it copies it
        Clock.begin();
        for (int i = 0; i < n; i++) {
            int at = i * SIZE, key = rows.getInt(at + 8);
            if (key % all == mine) {
                event.t = rows.getLong(at);
                event.key = key;
                event.kind = rows.getInt(at + 12);
                event.value = rows.getDouble(at + 16);
                out.collectWithTimestamp(event, event.t);
            }
            if (i % BETWEEN == BETWEEN - 1) {
                out.emitWatermark(new Watermark(rows.getLong(at)));
            }
        }
    }

    @Override
    public void cancel() {}
}
