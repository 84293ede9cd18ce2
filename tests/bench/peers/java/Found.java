/** A finding: which rule, which key, the moment it counts for. */
public class Found {
    public int rule, key;
    public long t;

    public Found() {}

    public Found(int rule, int key, long t) {
        this.rule = rule;
        this.key = key;
        this.t = t;
    }
}
