//! `wave` killed in the middle, and what it has left.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use petsc_rs::prelude::*;
use rustix::process::{Pid, Signal, kill_process};

const STEPS: usize = 4000;

fn arguments(folder: &Path, restart: bool) -> Vec<String> {
    let checkpoint = folder.join("run.chk");
    let text = format!(
        "--nx 53 --ny 31 --length-x 1000 --length-y 600 --c 1500 --dt 0.002 --wavelet ricker --source-freq 25 \
         --absorb pml --absorb-width 6 --receiver 42 15 --receiver 0 0 --steps {STEPS} --output-interval 0 \
         --checkpoint-every 25"
    );
    let mut all: Vec<String> = text.split_whitespace().map(Into::into).collect();
    all.extend(["--checkpoint".into(), checkpoint.display().to_string()]);
    all.extend(["--out".into(), folder.display().to_string()]);
    if restart {
        all.push("--restart".into());
    }
    all
}

/// Runs to the end, and gives what was printed.
fn complete(ranks: usize, folder: &Path, restart: bool) -> Result<String> {
    let program = Path::new(env!("CARGO_BIN_EXE_wave"));
    let args = arguments(folder, restart);
    let done = petsc_test::launch(ranks, program, &args, Duration::from_secs(120))?;
    assert_eq!(done.code, Some(0), "{}", done.output);
    Ok(done.output)
}

/// The processes that descend from one, by the parents that the kernel names.
fn descendants(of: u32) -> Vec<u32> {
    let mut parents = Vec::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        let Some(number) = entry.file_name().to_str().and_then(|n| n.parse::<u32>().ok()) else {
            continue;
        };
        // After the name, which may hold blanks and ends with the last bracket: state and parent.
        let stat = fs::read_to_string(entry.path().join("stat")).unwrap_or_default();
        let mut words = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
        let (state, parent) = (words.next(), words.next().and_then(|w| w.parse::<u32>().ok()));
        if let (Some(parent), true) = (parent, state != Some("Z")) {
            parents.push((number, parent));
        }
    }
    let mut found = vec![of];
    let mut next = 0;
    while next < found.len() {
        let children = parents.iter().filter(|(_, parent)| *parent == found[next]);
        let children: Vec<u32> = children.map(|(child, _)| *child).collect();
        found.extend(children);
        next += 1;
    }
    found.split_off(1)
}

/// Starts a run on two ranks and kills it once there are two checkpoints and some time has gone. Whether it was still
/// running.
fn start_and_kill(folder: &Path, restart: bool, after: Duration) -> Result<bool> {
    let program = Path::new(env!("CARGO_BIN_EXE_wave"));
    let output = fs::File::create(folder.join("output"))?;
    let mut job: Child = petsc_test::command(2, program)
        .args(arguments(folder, restart))
        .stdin(Stdio::null())
        .stdout(output.try_clone()?)
        .stderr(output)
        .spawn()?;
    let (started, checkpoint) = (Instant::now(), folder.join("run.chk.previous"));
    while started.elapsed() < after || !checkpoint.exists() {
        assert!(started.elapsed() < Duration::from_secs(60), "no checkpoint");
        if job.try_wait()?.is_some() {
            return Ok(false);
        }
        sleep(Duration::from_millis(1));
    }
    let name =
        |number: &u32| fs::read_to_string(format!("/proc/{number}/comm")).unwrap_or_default();
    let ranks: Vec<u32> =
        descendants(job.id()).into_iter().filter(|number| name(number).trim() == "wave").collect();
    for number in &ranks {
        // Ours, and not waited for by its parent as long as it is named in /proc; it may just have ended.
        if let Some(pid) = i32::try_from(*number).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, Signal::KILL);
        }
    }
    // The launcher ends what is left of its job; none of it may still be writing.
    let deadline = Instant::now() + Duration::from_secs(20);
    while job.try_wait()?.is_none() {
        if Instant::now() > deadline {
            job.kill()?;
            break;
        }
        sleep(Duration::from_millis(5));
    }
    let status = job.wait()?;
    Ok(ranks.len() == 2 && !status.success())
}

/// On one rank of the harness: the jobs are started by the test itself.
#[petsc_test::test(ranks = [1], isolated, timeout = 600)]
fn a_killed_run_goes_on_from_its_checkpoint(_petsc: &Petsc) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let place = |name: &str| -> Result<PathBuf> {
        let path = folder.path().join(name);
        fs::create_dir_all(&path)?;
        Ok(path)
    };
    let whole = place("whole")?;
    let started = Instant::now();
    complete(2, &whole, false)?;
    let mut length = started.elapsed();
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let mut seed = now.map_or(1, |t| t.subsec_nanos()) | 1;
    let killed = place("killed")?;
    // Three times, each time from where the last one was.
    let mut kills = 0;
    for attempt in 0..24 {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let part = 0.05 + 0.25 * f64::from(seed >> 16) / 65_536.0;
        if start_and_kill(&killed, kills > 0, length.mul_f64(part))? {
            kills += 1;
        } else {
            // It was at its end already, on a machine that is less busy now: from the beginning, and sooner.
            (kills, length) = (0, length / 2);
            for name in ["run.chk", "run.chk.previous"] {
                fs::remove_file(killed.join(name))?;
            }
        }
        if kills == 3 {
            break;
        }
        assert!(attempt < 23, "it ends before it can be killed");
    }
    let checkpoint = fs::read(killed.join("run.chk"))?;
    let end = |name: &str| fs::read(whole.join(name));
    for ranks in [2, 1, 3] {
        let rest = place(&format!("rest-{ranks}"))?;
        fs::write(rest.join("run.chk"), &checkpoint)?;
        let said = complete(ranks, &rest, true)?;
        assert!(said.contains("restart at step "), "{said}");
        let (csv, state) =
            (fs::read(rest.join("seismogram.csv"))?, fs::read(rest.join("run.chk"))?);
        if ranks == 2 {
            assert!(csv == end("seismogram.csv")?, "the seismogram, bit for bit");
            assert!(state == end("run.chk")?, "the state, bit for bit");
        } else {
            let texts =
                [csv, end("seismogram.csv")?].map(|bytes| String::from_utf8(bytes).expect("text"));
            assert_eq!(texts[0].lines().count(), STEPS + 1);
            petsc_test::golden::compare_numbers(&texts[0], &texts[1], 1e-12, 1e-30)
                .expect("the same seismogram");
        }
    }
    // The one before is whole, too.
    let rest = place("previous")?;
    fs::copy(killed.join("run.chk.previous"), rest.join("run.chk"))?;
    complete(2, &rest, true)?;
    assert!(fs::read(rest.join("run.chk"))? == end("run.chk")?);
    Ok(())
}

petsc_test::main!();
