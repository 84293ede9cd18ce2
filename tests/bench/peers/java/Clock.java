import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Wall and processor time of this JVM from the first element of a job to its last; job and tasks share one JVM. */
final class Clock {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static long wall, cpu;
    static double wallSeconds, cpuSeconds;

    private Clock() {}

    static synchronized void begin() {
        if (wall == 0) {
            cpu = SYSTEM.getProcessCpuTime();
            wall = System.nanoTime();
        }
    }

    /** Said by each sink as it has seen its last element; the latest counts. */
    static synchronized void end() {
        wallSeconds = (System.nanoTime() - wall) / 1e9;
        cpuSeconds = (SYSTEM.getProcessCpuTime() - cpu) / 1e9;
    }

    static synchronized void reset() {
        wall = 0;
    }
}
