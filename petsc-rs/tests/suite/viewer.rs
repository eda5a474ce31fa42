//! Viewers: text, binary files, HDF5.

use std::fs;
use std::path::Path;

use super::options::shared_dir;
use petsc_rs::prelude::*;
use petsc_rs::{BinaryOptions, ErrorCode, FileMode, Viewer, ViewerFormat};
use petsc_test::{assert_code, assert_error};

/// 0.5, 1.5, … in a vector of `n` entries.
fn halves(petsc: &Petsc, n: usize) -> Result<Vector> {
    let mut x = Vector::new(petsc.world(), n)?;
    let start = x.ownership_range()?.start;
    for (i, entry) in (start..).zip(x.array_mut()?.iter_mut()) {
        *entry = Scalar::from_real(i as Real + 0.5);
    }
    Ok(x)
}

/// The tridiagonal matrix -1, 2 + i, -1.
fn tridiagonal(petsc: &Petsc, n: usize) -> Result<Matrix> {
    let mut a = Matrix::builder(petsc.world()).global_size(n, n).build()?;
    let n = Int::try_from(n)?;
    for i in a.ownership_range()? {
        let diagonal = 2.0 + i as Real;
        a.set_value(i, i, Scalar::from_real(diagonal), InsertMode::Insert)?;
        for j in [i - 1, i + 1].into_iter().filter(|j| (0..n).contains(j)) {
            a.set_value(i, j, Scalar::from_real(-1.0), InsertMode::Insert)?;
        }
    }
    a.assemble()?;
    Ok(a)
}

/// The text of a file that some rank wrote before; whoever writes next waits for all readers.
fn read(petsc: &Petsc, path: &Path) -> Result<String> {
    petsc.world().barrier()?;
    let text = fs::read_to_string(path);
    petsc.world().barrier()?;
    Ok(text?)
}

#[petsc_test::test]
fn text_is_written_and_appended_to_a_file(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("text");
    let viewer = Viewer::ascii(comm, &path)?;
    viewer.print(format_args!("100% of {}\n", "rank 0"))?;
    viewer.with_tab(|v| v.print(format_args!("indented\n")))?;
    viewer.print_synchronized(format_args!("rank {}\n", comm.rank()))?;
    viewer.print(format_args!("{}\n", "long ".repeat(5000)))?;
    viewer.close()?;
    let text = read(petsc, &path)?;
    let mut expected = String::from("100% of rank 0\n  indented\n");
    for rank in 0..comm.size() {
        expected.push_str(&format!("rank {rank}\n"));
    }
    expected.push_str(&format!("{}\n", "long ".repeat(5000)));
    assert_eq!(text, expected);
    let viewer = Viewer::ascii_with_mode(comm, &path, FileMode::Append)?;
    viewer.print(format_args!("more\n"))?;
    viewer.close()?;
    assert_eq!(read(petsc, &path)?, expected + "more\n");
    Ok(())
}

#[petsc_test::test]
fn formats_end_with_their_scope(petsc: &Petsc) -> Result<()> {
    let x = halves(petsc, 3)?;
    let text = Viewer::capture(petsc.world(), |viewer| {
        assert_eq!(viewer.format()?, ViewerFormat::Default);
        viewer.with_format(ViewerFormat::Matlab, |v| {
            assert_eq!(v.format()?, ViewerFormat::Matlab);
            x.view(v)
        })?;
        let unwind = || {
            viewer.with_format(ViewerFormat::Csv, |_| -> Result<()> {
                std::panic::resume_unwind(Box::new("on purpose"))
            })
        };
        petsc_test::assert_panics(unwind, "on purpose");
        assert_eq!(viewer.format()?, ViewerFormat::Default);
        Ok(())
    })?;
    assert!(text.contains("= [") && text.contains("];"), "{text}");
    Ok(())
}

#[petsc_test::test]
fn captured_text_is_the_same_on_all_ranks_whatever_its_length(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let a = tridiagonal(petsc, 400)?;
    let text = Viewer::capture(comm, |viewer| a.view(viewer))?;
    assert_eq!(text.lines().filter(|l| l.trim_start().starts_with("row ")).count(), 400);
    assert!(text.contains("(399, 401.)"), "{text}");
    Ok(())
}

#[petsc_test::test]
fn binary_files_give_back_vectors_and_matrices(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let dir = shared_dir(petsc)?;
    for mpiio in [false, true] {
        let options = BinaryOptions { mpiio, skip_info: true, ..BinaryOptions::default() };
        let path = dir.join(format!("data{mpiio}"));
        let (x, a) = (halves(petsc, 11)?, tridiagonal(petsc, 7)?);
        let viewer = Viewer::binary_with(comm, &path, FileMode::Write, options)?;
        x.view(&viewer)?;
        a.view(&viewer)?;
        viewer.close()?;
        let viewer = Viewer::binary_with(comm, &path, FileMode::Read, options)?;
        let y = Vector::load(comm, &viewer)?;
        let b = Matrix::load(comm, &viewer)?;
        assert_eq!(*x.array()?, *y.array()?);
        let (mut u, mut v) = a.vectors()?;
        let mut w = v.duplicate()?;
        u.set(Scalar::from_real(1.5))?;
        a.mult(&u, &mut v)?;
        b.mult(&u, &mut w)?;
        assert_eq!(*v.array()?, *w.array()?);
        assert!(v.norm(Norm::Two)? > 1.0);
        // The file ends here.
        assert_error(
            Vector::load(comm, &viewer),
            ErrorCode::FILE_UNEXPECTED,
            "before the end of the integers of a header",
        );
        assert!(!path.with_extension("info").exists());
    }
    Ok(())
}

#[petsc_test::test]
fn binary_layout_is_the_one_that_petsc_documents(petsc: &Petsc) -> Result<()> {
    let path = shared_dir(petsc)?.join("x");
    let viewer = Viewer::binary(petsc.world(), &path, FileMode::Write)?;
    halves(petsc, 2)?.view(&viewer)?;
    viewer.close()?;
    petsc.world().barrier()?;
    let mut expected = Vec::new();
    let mut int = |i: i64| {
        let bytes = i.to_be_bytes();
        expected.extend_from_slice(&bytes[8 - size_of::<Int>()..]);
    };
    int(1_211_214);
    int(2);
    for x in [0.5_f64, 1.5] {
        expected.extend_from_slice(&x.to_be_bytes());
        if cfg!(petsc_scalar = "complex") {
            expected.extend_from_slice(&0.0_f64.to_be_bytes());
        }
    }
    assert_eq!(fs::read(&path)?, expected);
    Ok(())
}

#[petsc_test::test]
fn raw_numbers_are_written_and_read(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("raw");
    let viewer = Viewer::binary(comm, &path, FileMode::Write)?;
    viewer.write_ints(&[3, -4, 5])?;
    viewer.write_reals(&[0.25, 1e300])?;
    viewer.write_scalars(&[Scalar::from_real(7.0)])?;
    viewer.close()?;
    let viewer = Viewer::binary(comm, &path, FileMode::Append)?;
    viewer.write_ints(&[6])?;
    viewer.close()?;
    let viewer = Viewer::binary(comm, &path, FileMode::Read)?;
    assert_eq!(viewer.read_ints(3)?, [3, -4, 5]);
    assert_eq!(viewer.read_reals(2)?, [0.25, 1e300]);
    assert_eq!(viewer.read_scalars(1)?, [Scalar::from_real(7.0)]);
    assert_eq!(viewer.read_ints(1)?, [6]);
    assert_code(viewer.read_ints(1), ErrorCode::FILE_READ); // the file has ended, on all ranks
    let stdout = Viewer::stdout(comm)?;
    let error = stdout.read_ints(1).expect_err("not binary");
    assert!(error.to_string().contains("has type ascii, but type binary is required"), "{error}");
    assert_error(viewer.print(format_args!("x")), ErrorCode::ARG_WRONG, "type ascii is required");
    Ok(())
}

#[petsc_test::test]
fn bad_files_fail_on_all_ranks(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let dir = shared_dir(petsc)?;
    let absent = dir.join("absent");
    let open = [
        Viewer::binary(comm, &absent, FileMode::Read),
        Viewer::ascii(comm, dir.join("no/such/folder")),
        Viewer::binary(comm, &dir, FileMode::Read),
        Viewer::vtk(comm, dir.join("no/such/folder.vts")),
    ];
    for outcome in open {
        let error = outcome.expect_err("cannot be opened");
        assert_eq!(error.code(), ErrorCode::FILE_OPEN, "{error}");
        assert!(error.is_collective() && error.message().contains("cannot open"), "{error}");
    }
    assert_error(
        Viewer::vtk(comm, dir.join("x.txt")),
        ErrorCode::ARG_WRONG,
        "extension of a VTK file",
    ); // not a name for VTK
    let garbage = dir.join("garbage");
    if comm.rank() == 0 {
        fs::write(&garbage, b"this is not a vector at all, in no way")?;
    }
    comm.barrier()?;
    let viewer = Viewer::binary(comm, &garbage, FileMode::Read)?;
    let error = Vector::load(comm, &viewer).expect_err("garbage");
    assert_eq!(error.code(), ErrorCode::FILE_UNEXPECTED, "{error}");
    let viewer = Viewer::binary(comm, &garbage, FileMode::Read)?;
    assert_error(Matrix::load(comm, &viewer), ErrorCode::FILE_UNEXPECTED, "no matrix begins here");
    let text = Viewer::stdout(comm)?;
    let error = Vector::load(comm, &text).expect_err("not loadable");
    assert!(error.to_string().contains("not from a viewer of type ascii"), "{error}");
    Ok(())
}

#[petsc_test::test(ranks = [3])]
fn fewer_ranks_read_what_more_have_written(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("x");
    let viewer = Viewer::binary(comm, &path, FileMode::Write)?;
    halves(petsc, 7)?.view(&viewer)?;
    tridiagonal(petsc, 7)?.view(&viewer)?;
    viewer.close()?;
    comm.barrier()?;
    if let Some(two) = comm.split((comm.rank() < 2).then_some(0), 0)? {
        let viewer = Viewer::binary(&two, &path, FileMode::Read)?;
        let x = Vector::load(&two, &viewer)?;
        assert_eq!(x.local_len()?, if two.rank() == 0 { 4 } else { 3 });
        petsc_test::assert_close!(x.norm(Norm::One)?, 24.5, 1e-14);
        let a = Matrix::load(&two, &viewer)?;
        petsc_test::assert_close!(a.trace()?.real(), 35.0, 1e-14);
    }
    Ok(())
}

#[petsc_test::test]
fn matrices_load_as_they_are_asked_for(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("a");
    let viewer = Viewer::binary(comm, &path, FileMode::Write)?;
    tridiagonal(petsc, 6)?.view(&viewer)?;
    viewer.close()?;
    let open = || Viewer::binary(comm, &path, FileMode::Read);
    // All rows on the last rank.
    let n = if comm.rank() + 1 == comm.size() { 6 } else { 0 };
    let builder = Matrix::builder(comm).name("A").kind(MatrixType::DENSE);
    let viewer = open()?;
    let a = builder.local_size(n, n).load(&viewer)?;
    assert_eq!((a.local_size()?, a.name()?), ((n, n), "A".to_owned()));
    assert!(a.dense().is_ok());
    petsc_test::assert_close!(a.trace()?.real(), 27.0, 1e-14);
    let viewer = open()?;
    let other = Matrix::builder(comm).global_size(5, 5).load(&viewer);
    assert_code(other, ErrorCode::FILE_UNEXPECTED);
    Ok(())
}

#[petsc_test::test]
fn a_vector_is_drawn_without_a_display(petsc: &Petsc) -> Result<()> {
    petsc.options().scope(|options| {
        options.set_flag("-nox")?;
        let viewer = Viewer::draw(petsc.world(), "x", 300, 200)?;
        assert!(viewer.is_type("draw")?);
        let x = halves(petsc, 9)?;
        viewer.with_format(ViewerFormat::DrawLineGraph, |v| x.view(v))
    })
}

#[petsc_test::test(isolated, expect = "error: ", timeout = 30)]
fn a_truncated_file_ends_the_job(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("x");
    let viewer = Viewer::binary(comm, &path, FileMode::Write)?;
    halves(petsc, 1000)?.view(&viewer)?;
    viewer.close()?;
    if comm.rank() == 0 {
        fs::OpenOptions::new().write(true).open(&path)?.set_len(3000)?;
    }
    comm.barrier()?;
    let viewer = Viewer::binary(comm, &path, FileMode::Read)?;
    Vector::load(comm, &viewer).map(drop)
}

#[petsc_test::test]
fn a_vector_loads_into_the_layout_that_it_has(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("x");
    let viewer = Viewer::binary(comm, &path, FileMode::Write)?;
    halves(petsc, 6)?.view(&viewer)?;
    viewer.close()?;
    // Everything on the last rank.
    let last = comm.rank() + 1 == comm.size();
    let mut x = Vector::with_local_len(comm, if last { 6 } else { 0 })?;
    x.read(&*Viewer::binary(comm, &path, FileMode::Read)?)?;
    if last {
        assert_eq!(x.array()?[5], Scalar::from_real(5.5));
    }
    petsc_test::assert_close!(x.norm(Norm::One)?, 18.0, 1e-14);
    let mut short = Vector::new(comm, 5)?;
    let viewer = Viewer::binary(comm, &path, FileMode::Read)?;
    assert_code(short.read(&viewer), ErrorCode::FILE_UNEXPECTED); // another size
    Ok(())
}

#[cfg(petsc_have_hdf5)]
#[petsc_test::test]
fn hdf5_files_give_back_vectors_and_attributes(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("data.h5");
    let mut x = halves(petsc, 5)?;
    x.set_name("x")?;
    let viewer = Viewer::hdf5(comm, &path, FileMode::Write)?;
    x.view(&viewer)?;
    viewer.with_group("/run", |v| {
        let one = halves(petsc, 5)?;
        x.axpy(Scalar::from_real(9.0), &one)?;
        x.view(v)
    })?;
    viewer.write_attribute("/x", "iterations", 12 as Int)?;
    viewer.write_attribute("/x", "tolerance", 1e-8)?;
    viewer.write_text_attribute("/x", "unit", "K")?;
    x.set_name("series")?;
    viewer.with_timesteps(|v| {
        for step in 0..3 {
            v.set_timestep(step)?;
            x.set(Scalar::from_real(f64::from(u32::try_from(step)?)))?;
            x.view(v)?;
        }
        Ok(())
    })?;
    viewer.close()?;

    let viewer = Viewer::hdf5(comm, &path, FileMode::Read)?;
    let y = Vector::load_named(comm, &viewer, "x")?;
    petsc_test::assert_close!(y.norm(Norm::One)?, 12.5, 1e-14);
    let z = viewer.with_group("/run", |v| Vector::load_named(comm, v, "x"))?;
    petsc_test::assert_close!(z.norm(Norm::One)?, 125.0, 1e-14);
    assert!(viewer.has_group("/run")? && !viewer.has_group("/walk")?);
    assert_eq!(viewer.read_attribute::<Int>("/x", "iterations")?, 12);
    assert_eq!(viewer.read_attribute::<Real>("/x", "tolerance")?, 1e-8);
    // SAFETY: written as a text above.
    let unit = unsafe { viewer.read_text_attribute("/x", "unit") }?;
    assert_eq!(unit, "K");
    assert!(!viewer.has_attribute("/x", "colour")?);
    let last = viewer.with_timesteps(|v| {
        v.set_timestep(2)?;
        Vector::load_named(comm, v, "series")
    })?;
    petsc_test::assert_close!(last.norm(Norm::One)?, 10.0, 1e-14);
    let text = Viewer::stdout(comm)?;
    assert_error(
        text.with_group("/run", |_| Ok(())),
        ErrorCode::ARG_WRONG,
        "type hdf5 is required",
    ); // not HDF5
    Ok(())
}

#[petsc_test::test]
fn an_option_chooses_the_viewer(petsc: &Petsc) -> Result<()> {
    let comm = petsc.world();
    let path = shared_dir(petsc)?.join("x.m");
    let options = petsc_rs::Options::new(petsc)?;
    options.set("-out", format!("ascii:{}:ascii_matlab", path.display()))?;
    options.set_flag("-screen")?;
    assert!(options.viewer(comm, "-other")?.is_none());
    let (screen, _) = options.viewer(comm, "-screen")?.expect("set above");
    assert!(screen.is_type("ascii")?);
    let (viewer, format) = options.viewer(comm, "-out")?.expect("set above");
    assert_eq!(format, ViewerFormat::Matlab);
    let x = halves(petsc, 3)?;
    viewer.with_format(format, |v| x.view(v))?;
    viewer.close()?;
    assert!(read(petsc, &path)?.contains("];"));
    options.set("-out", "no_such_type")?;
    assert_error(options.viewer(comm, "-out"), ErrorCode::SUP, "no_such_type");
    Ok(())
}

/// What ranks print of their own appears rank by rank, and the viewer works on.
#[petsc_test::test(ranks = [1, 2, 3])]
fn each_rank_prints_in_order(petsc: &Petsc) -> Result<()> {
    let (world, rank) = (petsc.world(), petsc.world().rank());
    let text = Viewer::capture(world, |out| {
        out.each_rank(|own| own.print(format_args!("rank {rank}\n")))?;
        out.print(format_args!("all\n"))
    })?;
    if rank == 0 {
        let ranks: String = (0..world.size()).map(|r| format!("rank {r}\n")).collect();
        assert_eq!(text, ranks + "all\n");
    }
    // Not twice at once: PETSc says so, with an error that differs between releases.
    let file = Viewer::stdout(world)?;
    assert_code(file.each_rank(|_| file.each_rank(|_| Ok(()))), ErrorCode::ARG_WRONGSTATE);
    // Another type of viewer, without a file: refused before PETSc sees it.
    let picture = Viewer::draw(world, "", 100, 100)?;
    let refused = picture.each_rank(|_| Ok(()));
    assert!(refused.is_err_and(|e| e.code() == ErrorCode::ARG_WRONG));
    Ok(())
}

#[petsc_test::test(ranks = [1, 2])]
fn a_viewer_knows_its_file(petsc: &Petsc) -> Result<()> {
    let dir = shared_dir(petsc)?;
    let path = dir.join("x.dat");
    let mut file = Viewer::binary(petsc.world(), &path, FileMode::Write)?;
    assert_eq!(file.file_name()?, path.to_string_lossy());
    assert_eq!(file.file_mode()?, FileMode::Write);
    assert_eq!(file.flow_control()?, 256);
    file.set_flow_control(2)?;
    assert_eq!(file.flow_control()?, 2);
    assert_code(file.set_flow_control(1), ErrorCode::ARG_OUTOFRANGE);
    let mut window = Viewer::draw(petsc.world(), "no file", 10, 10)?;
    assert_code(window.file_name(), ErrorCode::ARG_WRONG);
    assert_code(window.file_mode(), ErrorCode::ARG_WRONG);
    assert_code(window.set_flow_control(2), ErrorCode::ARG_WRONG);
    #[cfg(petsc_have_hdf5)]
    {
        let mut x = halves(petsc, 3)?;
        x.set_name("x")?;
        let file = Viewer::hdf5(petsc.world(), dir.join("x.h5"), FileMode::Write)?;
        x.view(&file)?;
        assert!(file.has_dataset("x")? && !file.has_dataset("y")?);
        assert_code(window.has_dataset("x"), ErrorCode::ARG_WRONG);
    }
    Ok(())
}
