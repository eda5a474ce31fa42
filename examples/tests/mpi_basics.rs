//! The MPI basics on 1, 2 and 3 ranks: the pieces, and the programs as they are run.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;
use workshop::mpi_basics::{self as basics, Interval, Ring};

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_token_collects_from_all_ranks(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let size = comm.size() as u64;
    let token = basics::pass_token(comm, 10 + comm.rank() as u64);
    let expected = (comm.rank() == 0).then_some(10 * size + size * (size - 1) / 2);
    assert_eq!(token, expected);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn messages_come_from_the_left(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let (rank, size) = (comm.rank(), comm.size());
    let left = ((rank + size - 1) % size) as u64;
    let value = 1000 + rank as u64;
    assert_eq!(basics::exchange(comm, value), 1000 + left);
    let (received, meanwhile) = basics::exchange_immediate(comm, value, || 42);
    assert_eq!((received, meanwhile), (1000 + left, 42));
    let (first, second) = basics::two_tags(comm, f64::from(rank), -f64::from(rank));
    assert_eq!((first, second), (left as f64, -(left as f64)));
    Ok(())
}

/// A synchronous send without its receive must not complete, however long one waits: the standard says so.
#[petsc_test::test(ranks = [1, 2, 3])]
fn the_deadlock_is_detected_and_resolved(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let left = (comm.rank() + comm.size() - 1) % comm.size();
    for _ in 0..3 {
        let end = basics::show_deadlock(comm, comm.rank() as u64, Duration::from_millis(20));
        assert!(end.stuck);
        assert_eq!(end.received, left as u64);
    }
    // What is buffered is up to MPI; that everything arrives is not.
    assert_eq!(basics::eager_sends(comm, &[1, 1 << 22]).len(), 2);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn a_broadcast_gives_all_ranks_the_data_of_the_root(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let root = comm.size() - 1;
    let data: Vec<f64> = (0..1000).map(|i| f64::from(i).sqrt()).collect();
    let given = if comm.rank() == root { &data[..] } else { &[] };
    assert_eq!(basics::broadcast_vec(comm, root, given)?, data);
    assert!(basics::broadcast_vec::<u8>(comm, root, &[])?.is_empty());
    let text = if comm.rank() == root { "Grüße" } else { "other" };
    assert_eq!(basics::broadcast_text(comm, root, text)?, "Grüße");
    let mut own = vec![comm.rank(); 5];
    basics::broadcast_by_messages(comm, root, &mut own);
    assert_eq!(own, vec![root; 5]);
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn uneven_chunks_come_back_in_order(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    for total in [0, 1, 2, 3, 7, 100] {
        let all: Vec<u32> = (0..total as u32).map(|i| 3 * i + 1).collect();
        let given = (comm.rank() == 0).then_some(&all[..]);
        let own = basics::scatter_chunks(comm, given, total)?;
        let range = basics::chunk(total, comm.size() as usize, comm.rank() as usize);
        assert_eq!(own, all[range]);
        let back = basics::gather_chunks(comm, &own, total)?;
        assert_eq!(back, (comm.rank() == 0).then_some(all));
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn round_trips_are_measured_on_rank_0(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let results = basics::ping_pong(comm, &[1, 100_000], 5);
    let measured = comm.rank() == 0 && comm.size() > 1;
    let expected: &[usize] = if measured { &[1, 100_000] } else { &[] };
    assert!(results.iter().map(|result| &result.bytes).eq(expected));
    for result in results {
        assert!(result.seconds > 0.0, "{result:?}");
        let bytes = result.bandwidth() * result.seconds;
        petsc_test::assert_close!(bytes, result.bytes as f64, 1e-12);
    }
    Ok(())
}

/// Against the same steps without any exchange, for fewer cells than ranks too.
#[petsc_test::test(ranks = [1, 2, 3])]
fn heat_does_not_depend_on_the_number_of_ranks(petsc: &Petsc) -> Result<()> {
    for cells in [1, 2, 3, 4, 7, 50] {
        let start = |i: usize| ((i * i + 3 * i) % 17) as f64;
        let mut ring = Ring::new(petsc.world(), cells, start);
        let mut expected: Vec<f64> = (0..cells).map(start).collect();
        for _ in 0..20 {
            ring.step(0.2);
            let before = expected.clone();
            for (i, u) in expected.iter_mut().enumerate() {
                let (left, right) = (before[(i + cells - 1) % cells], before[(i + 1) % cells]);
                *u += 0.2 * (left - 2.0 * before[i] + right);
            }
        }
        if let Some(found) = ring.gather()? {
            let error = found.iter().zip(&expected).map(|(a, b)| (a - b).abs());
            assert!(error.fold(0.0, f64::max) < 1e-12, "{cells}: {found:?}");
            assert_eq!(found.len(), cells);
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1, 2, 3])]
fn all_ways_to_the_integral_agree(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().map_err(Error::user)?;
    for (low, high, count) in
        [(0.0, 100.0, 1_000_003), (-2.0, 5.0, 10_000), (0.0, 1.0, 1), (1.0, 2.0, 2)]
    {
        let interval = Interval { low, high, count };
        // The rule itself, written down once more without chunks or blocks.
        let h = (high - low) / count as f64;
        let f = |i: usize| (low + i as f64 * h).powi(2);
        let plain: f64 = (0..count).map(|i| 0.5 * h * (f(i) + f(i + 1))).sum();
        let found = [
            interval.serial(),
            basics::on_threads(&pool, interval),
            basics::on_ranks(comm, interval),
            basics::farm(comm, interval, 7)?,
        ];
        for value in found {
            assert!((value / plain - 1.0).abs() < 1e-11, "{value} {plain}");
            assert!((value / interval.exact() - 1.0).abs() < 1e-13, "{value}");
        }
    }
    Ok(())
}

fn run(program: &str, args: &[&str], ranks: usize) -> Result<(Option<i32>, String)> {
    let outcome = petsc_test::launch(ranks, Path::new(program), args, Duration::from_secs(60))?;
    assert!(!outcome.timed_out, "it hung: {}", outcome.output);
    Ok((outcome.code, outcome.output))
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_programs_say_what_they_should(_petsc: &Petsc) -> Result<()> {
    let (hello, send_recv) = (env!("CARGO_BIN_EXE_hello"), env!("CARGO_BIN_EXE_send_recv"));
    let (bcast, scatter) = (env!("CARGO_BIN_EXE_bcast"), env!("CARGO_BIN_EXE_scatter_gather"));
    let integral = env!("CARGO_BIN_EXE_integral");
    let small = ["--intervals", "100000", "--threads", "2", "--repeats", "1"];
    for ranks in [1, 2, 3] {
        let last = ranks - 1;
        let checks: [(&str, &[&str], String); 5] = [
            (hello, &["--name", "Ada"], format!("Hello Ada from rank {last} of {ranks} on ")),
            (
                send_recv,
                &["--patience", "10", "--largest", "16"],
                format!("rank {last}: blocked after 10 ms"),
            ),
            (
                bcast,
                &["--len", "10", "--text", "abc"],
                format!("rank {last}: 10 numbers, sum 45, expected 45"),
            ),
            (scatter, &["--len", "5", "--rounds", "3"], "sum of squares: 30, expected 30".into()),
            (integral, &small, "integral 333333.333350000, expected 333333.333350000".into()),
        ];
        for (program, args, expected) in checks {
            let (code, output) = run(program, args, ranks)?;
            assert_eq!(code, Some(0), "{output}");
            assert!(output.contains(&expected), "no {expected:?} in {output}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn bad_arguments_are_one_line_and_exit_code_2(_petsc: &Petsc) -> Result<()> {
    let integral = env!("CARGO_BIN_EXE_integral");
    let checks: [(&str, &[&str], &str); 6] = [
        (env!("CARGO_BIN_EXE_bcast"), &["--root", "3"], "--root 3: the ranks are 0 to "),
        (env!("CARGO_BIN_EXE_hello"), &["--nam", "x"], "'--nam'"),
        (env!("CARGO_BIN_EXE_send_recv"), &["--patience", "x"], "invalid value 'x'"),
        (env!("CARGO_BIN_EXE_scatter_gather"), &["--cells", "0"], "0 is not in "),
        (integral, &["--intervals", "0"], "0 is not in "),
        (integral, &["--to", "inf"], "must be finite"),
    ];
    for ranks in [1, 3] {
        for (program, args, expected) in checks {
            let (code, output) = run(program, args, ranks)?;
            assert_eq!(code, Some(2), "{output}");
            assert_eq!(output.matches("error: ").count(), 1, "{output}");
            assert!(output.contains(expected), "no {expected:?} in {output}");
        }
    }
    for program in [integral, env!("CARGO_BIN_EXE_hello")] {
        let (code, output) = run(program, &["--help"], 2)?;
        assert!(code == Some(0) && output.contains("Usage: "), "{output}");
    }
    Ok(())
}

petsc_test::main!();
