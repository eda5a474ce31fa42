//! The program `fft`: what it prints on 1, 2 and 3 ranks. The transforms are tested where they are defined.

use std::path::Path;
use std::time::Duration;

use petsc_rs::prelude::*;

fn run(args: &[&str], ranks: usize) -> Result<(Option<i32>, String)> {
    let program = Path::new(env!("CARGO_BIN_EXE_fft"));
    let outcome = petsc_test::launch(ranks, program, args, Duration::from_secs(60))?;
    assert!(!outcome.timed_out, "it hung: {}", outcome.output);
    Ok((outcome.code, outcome.output))
}

/// The numbers that follow a text.
fn numbers_after(output: &str, text: &str) -> Result<Vec<f64>> {
    let found = output.match_indices(text).map(|(at, _)| {
        let rest = &output[at + text.len()..];
        Ok(rest.split_whitespace().next().unwrap_or_default().parse()?)
    });
    found.collect()
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn transforms_of_the_program_agree_with_sums(_petsc: &Petsc) -> Result<()> {
    let runs: [&[&str]; 4] = [
        &[],
        &["--shape", "7", "5", "11", "--rows", "2", "32"],
        &["--shape", "2", "31", "--in-order", "--check", "62", "--rows", "5", "32"],
        &["--shape", "3", "4", "5", "2", "--rows", "1", "32"],
    ];
    for ranks in [1, 2, 3] {
        for args in runs {
            let (code, output) = run(args, ranks)?;
            assert_eq!(code, Some(0), "{output}");
            // Half the columns times the amplitudes 1 and 0.3.
            let peaks = "first row: 16.000000 at frequency 3, 4.800000 at 9";
            assert!(output.contains(peaks), "{output}");
            let rows = numbers_after(&output, "error against the sums: ")?;
            assert!(rows.len() == 1 && rows[0] < 1e-12, "{output}");
            let errors = numbers_after(&output, "relative error ")?;
            assert!(errors.len() == 2 && errors.iter().all(|&e| e < 1e-12), "{output}");
        }
    }
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn transforms_on_a_process_grid_are_inverted(_petsc: &Petsc) -> Result<()> {
    for (ranks, grid) in [(1, ["1", "1"]), (2, ["2", "1"]), (3, ["1", "3"]), (4, ["2", "2"])] {
        let shape = ["--shape", "7", "5", "11", "--rows", "1", "32", "--grid"];
        let (code, output) = run(&[&shape[..], &grid].concat(), ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let errors = numbers_after(&output, "ms, relative error ")?;
        assert!(errors.len() == 2 && errors.iter().all(|&e| e < 1e-12), "{output}");
        let (code, output) = run(&["--grid", "5", "7"], ranks)?;
        assert!(code == Some(2) && output.contains("does not have"), "{output}");
    }
    Ok(())
}

/// Every plan against direct sums, and there and back: no error above 10⁻¹².
#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn the_table_of_errors_is_small(_petsc: &Petsc) -> Result<()> {
    for ranks in [1, 2, 3, 5] {
        let (code, output) = run(&["--errors"], ranks)?;
        assert_eq!(code, Some(0), "{output}");
        let lines = output.lines().filter(|line| line.contains('x') && line.contains("e-"));
        let mut count = 0;
        for word in lines.flat_map(|line| line.split([' ', ','])) {
            let Some(error) = word.parse::<f64>().ok().filter(|_| word.contains('e')) else {
                continue;
            };
            assert!(error < 1e-12, "{output}");
            count += 1;
        }
        // Nine shapes, three plans and perhaps FFTW's, two errors each.
        let with_fftw = cfg!(all(petsc_have_fftw, petsc_scalar = "complex"));
        assert_eq!(count, 9 * 2 * (3 + usize::from(with_fftw)), "{output}");
        let largest = numbers_after(&output, "largest of all ")?;
        assert!(largest.len() == 1 && largest[0] < 1e-12 && largest[0] > 1e-17, "{output}");
    }
    Ok(())
}

#[petsc_test::test(ranks = [1], isolated, timeout = 300)]
fn bad_shapes_are_one_line_and_exit_code_2(_petsc: &Petsc) -> Result<()> {
    let checks: [(&[&str], &str); 4] = [
        (&["--shape", "4"], "2 values required"),
        (&["--shape", "4", "0"], "of shape [4, 0] has no entries"),
        (&["--shape", "9999999999", "9999999999"], "more than 2³¹ entries"),
        (&["--rows", "0", "3"], "of shape [0, 3] has no entries"),
    ];
    for ranks in [1, 3] {
        for (args, expected) in checks {
            let (code, output) = run(args, ranks)?;
            assert_eq!(code, Some(2), "{output}");
            assert_eq!(output.matches("error: ").count(), 1, "{output}");
            assert!(output.contains(expected), "no {expected:?} in {output}");
        }
    }
    // FFTW where there is one for complex numbers, or a line that says why not.
    let (code, output) = run(&["--fftw", "--shape", "5", "7", "11"], 2)?;
    if cfg!(all(petsc_have_fftw, petsc_scalar = "complex")) {
        let errors = numbers_after(&output, "relative error ")?;
        assert!(errors.iter().all(|&e| e < 1e-12), "{output}");
        assert_eq!((code, errors.len()), (Some(0), 2), "{output}");
    } else {
        assert_eq!(code, Some(2), "{output}");
        assert!(output.contains("FFTW"), "{output}");
    }
    let (code, output) = run(&["--help"], 2)?;
    assert!(code == Some(0) && output.contains("--in-order"), "{output}");
    Ok(())
}

petsc_test::main!();
