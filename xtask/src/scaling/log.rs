//! Reads the numbers of messages from PETSc's log, and the cost of a message from the ping-pong of
//! `scatter_gather`.

/// The summary of `-log_view`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Log {
    /// The seconds of the slowest rank.
    pub(super) seconds: f64,
    /// The messages of all ranks.
    pub(super) messages: f64,
    pub(super) bytes: f64,
    /// The number of messages of the rank that sends most.
    most_messages: f64,
    most_bytes: f64,
}

impl Log {
    /// Parses the output of a program; `None` if it contains no summary.
    pub(super) fn parse(output: &str) -> Option<Self> {
        // The columns are maximum, ratio to the minimum, average, total.
        let numbers = |name: &str| -> Option<Vec<f64>> {
            let rest = output.lines().find_map(|line| line.strip_prefix(name))?;
            rest.split_whitespace().map(|word| word.parse().ok()).collect()
        };
        let (messages, bytes) = (numbers("MPI Msg Count:")?, numbers("MPI Msg Len (bytes):")?);
        Some(Self {
            seconds: *numbers("Time (sec):")?.first()?,
            messages: *messages.last()?,
            bytes: *bytes.last()?,
            most_messages: *messages.first()?,
            most_bytes: *bytes.first()?,
        })
    }

    /// Returns the seconds that the messages of the busiest rank take, one after another.
    pub(super) fn cost(&self, alpha: f64, beta: f64) -> f64 {
        alpha * self.most_messages + beta * self.most_bytes
    }
}

/// Returns the latency and the seconds per byte from lines `256 bytes 0.62 µs 411.4 MB/s`: the
/// minimum time of a short message, and the additional time of the longest one.
pub(super) fn latency(output: &str) -> Option<[f64; 2]> {
    let mut points = Vec::new();
    for line in output.lines() {
        let words: Vec<_> = line.split_whitespace().collect();
        if let [bytes, "bytes", time, "µs", ..] = words[..] {
            let (bytes, time): (f64, f64) = (bytes.parse().ok()?, time.parse().ok()?);
            points.push((bytes, 1e-6 * time));
        }
    }
    let alpha = points.iter().map(|p| p.1).min_by(f64::total_cmp)?;
    let (bytes, time) = points.into_iter().max_by(|a, b| a.0.total_cmp(&b.0))?;
    Some([alpha, (time - alpha).max(0.0) / bytes])
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = "\
                         Max       Max/Min     Avg       Total
Time (sec):           1.032e+00     1.020   1.025e+00
Objects:              3.300e+01     1.000   3.300e+01
MPI Msg Count:        4.040e+02     2.000   2.693e+02  8.080e+02
MPI Msg Len (bytes):  3.850e+05     2.000   9.529e+02  7.699e+05
";

    #[test]
    fn the_summary_is_read() {
        let log = Log::parse(LOG).unwrap();
        assert_eq!([log.seconds, log.messages, log.bytes], [1.032, 808.0, 769_900.0]);
        assert!((log.cost(1e-6, 1e-9) - (404e-6 + 385e-6)).abs() < 1e-12);
        assert_eq!(Log::parse("nothing"), None);
    }

    #[test]
    fn latency_is_the_shortest_and_bandwidth_the_longest() {
        let text = "  1 bytes  0.45 µs  2.2 MB/s\n  16 bytes  0.40 µs  30 MB/s\n 1000000 bytes 100.40 µs 9960 MB/s\n";
        let [alpha, beta] = latency(text).unwrap();
        assert!((alpha - 0.4e-6).abs() < 1e-15 && (beta - 1e-10).abs() < 1e-18);
        assert_eq!(latency("needs two ranks"), None);
    }
}
