/** One event; a POJO of primitives, so that Flink needs no reflection on values and no boxes. */
public class Event {
    public static final int SPEED = 0, WALKER = 1, CARE = 2;
    public long t;
    public int key, kind;
    public double value;

    /** What no rule looks at is left out before it is sent to its key: the pre-filter. */
    public static boolean wanted(Event e) {
        return e.kind == SPEED ? e.value > 30 : e.kind <= CARE;
    }
}
