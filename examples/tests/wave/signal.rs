//! Signals of the source, and settings that are refused.

use petsc_rs::prelude::*;
use petsc_test::assert_close;
use workshop::wave::{Absorb, Medium, Settings, Signal, Source, Wave};

use crate::shaken;

#[petsc_test::test(ranks = [1, 2])]
fn a_recorded_pulse_is_the_pulse(petsc: &Petsc) -> Result<()> {
    let settings = shaken(53, 31);
    let source = settings.source.clone().expect("shaken");
    let sample = |step: i32| (f64::from(step) * 0.002, source.value(f64::from(step) * 0.002));
    let mut recorded = settings.clone();
    recorded.source =
        Some(Source { signal: Signal::Record((0..100).map(sample).collect()), ..source.clone() });
    let mut waves = [Wave::new(petsc.world(), settings)?, Wave::new(petsc.world(), recorded)?];
    for wave in &mut waves {
        for _ in 0..100 {
            wave.advance()?;
        }
    }
    let [pulse, record] = [waves[0].gather()?, waves[1].gather()?];
    assert!(pulse.iter().any(|u| u.abs() > 1e-6));
    for (a, b) in pulse.iter().zip(&record) {
        assert_close!(*a, *b, 1e-9, 1e-14);
    }
    Ok(())
}

#[petsc_test::test(ranks = [1])]
fn wrong_settings_are_one_line(_petsc: &Petsc) -> Result<()> {
    let refused = |change: fn(&mut Settings)| {
        let mut settings = shaken(53, 31);
        change(&mut settings);
        settings.check().expect_err("refused")
    };
    let text = refused(|s| s.dt = 0.1);
    assert!(text.contains("unstable (CFL"), "{text}");
    let largest = shaken(53, 31).largest_step();
    let words: Vec<&str> = text.split(' ').collect();
    let place = words.iter().position(|w| *w == "most").expect("a number");
    let said: f64 = words[place + 1].parse().expect("a number");
    assert!(said <= largest && said > 0.99 * largest, "{text}");
    let mut fastest = shaken(53, 31);
    fastest.dt = largest;
    assert!(fastest.check().is_ok() && (fastest.courant() - 1.0).abs() < 1e-12);
    assert!(refused(|s| s.points = (5, 31)).contains("at least 10"));
    assert!(refused(|s| s.receivers.push((53, 0))).contains("outside"));
    let pml = |width, reflection| Absorb::Pml { width, reflection };
    let mut wide = shaken(53, 31);
    wide.absorb = pml(16, 0.1);
    let text = wide.check().expect_err("refused");
    assert!(text.contains("fill the grid of 53 x 31 points"), "{text}");
    wide.absorb = pml(5, 1.0);
    assert!(wide.check().expect_err("refused").contains("between 0 and 1"));
    assert!(refused(|s| s.medium = Medium::Uniform(f64::NAN)).contains("wave speed"));
    Ok(())
}

petsc_test::main!();
