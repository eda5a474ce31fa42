//! Decides whether the PETSc in use satisfies the requirements of a test, with the rules of PETSc's
//! harness.

use petsc_sys_build::Config;
use petsc_sys_build::header::{self, Defines};

/// The contents of `petscconf.h` and `petscvariables`.
#[derive(Debug, Default)]
pub(crate) struct Conf {
    defines: Defines,
    variables: Defines,
    precision: String,
    int_bits: u32,
}

impl Conf {
    /// Reads the configuration of an installation.
    pub(crate) fn read(config: &Config) -> Result<Self, String> {
        let path = header::find("petscconf.h", &config.include_dirs).map_err(|e| e.to_string())?;
        let mut text = std::fs::read_to_string(path).map_err(|e| e.to_string())?;
        // In newer releases, the versions of packages are in a separate header.
        if let Ok(path) = header::find("petscpkg_version.h", &config.include_dirs) {
            text.push('\n');
            text.push_str(&std::fs::read_to_string(path).map_err(|e| e.to_string())?);
        }
        let variables = config.lib_dir.join("petsc/conf/petscvariables");
        let variables = std::fs::read_to_string(variables).unwrap_or_default();
        Ok(Self {
            defines: Defines::parse(&text),
            variables: Defines::parse(&as_defines(&variables)),
            precision: config.precision.as_str().into(),
            int_bits: config.int_bits,
        })
    }

    fn has(&self, name: &str) -> bool {
        self.defines.has(name) || self.variables.has(name)
    }

    /// Returns whether a name is defined to something other than nothing or 0.
    fn is_on(&self, name: &str) -> bool {
        let value = self.defines.get(name).or_else(|| self.variables.get(name));
        value.is_some_and(|v| !v.is_empty() && v != "0")
    }

    /// Returns the version number of a package.
    fn number(&self, name: &str) -> Option<u32> {
        self.defines.get(name)?.split_whitespace().next()?.parse().ok()
    }

    /// Returns the first requirement that is not satisfied, in PETSc's terms. `datafilespath` is
    /// checked elsewhere, because it depends on the files in the arguments.
    pub(crate) fn unmet<'a>(&self, requires: &'a [String]) -> Option<&'a str> {
        requires.iter().map(String::as_str).find(|word| {
            let (negated, name) = match word.strip_prefix('!') {
                Some(name) => (true, name),
                None => (false, *word),
            };
            name != "datafilespath" && self.met(name) == negated
        })
    }

    fn met(&self, name: &str) -> bool {
        match name {
            "single" | "double" | "__float128" | "__fp16" => self.precision == name,
            "int32" => self.int_bits == 32,
            "int64" => self.int_bits == 64,
            "64bitptr" => self.number("PETSC_SIZEOF_VOID_P") == Some(8),
            "long32" => self.number("PETSC_SIZEOF_LONG") == Some(4),
            "long64" => self.number("PETSC_SIZEOF_LONG") == Some(8),
            "complex" => self.is_on("PETSC_USE_COMPLEX"),
            "debug" => self.is_on("PETSC_USE_DEBUG"),
            _ => {
                if let Some(inside) =
                    name.strip_prefix("defined(").and_then(|n| n.strip_suffix(')'))
                {
                    return self.has(inside);
                }
                if let Some(met) = self.version(&name.to_ascii_uppercase()) {
                    return met;
                }
                self.is_on(&format!("PETSC_HAVE_{}", name.to_ascii_uppercase()))
            }
        }
    }

    /// Evaluates `MUMPS_VERSION_GE(5,3,0)`, with or without the prefix `PETSC_PKG_`.
    fn version(&self, name: &str) -> Option<bool> {
        let name = name.strip_prefix("PETSC_PKG_").unwrap_or(name);
        let (head, numbers) = name.strip_suffix(')')?.split_once('(')?;
        let (package, relation) = head.rsplit_once("_VERSION_")?;
        let wanted: Vec<u32> = numbers.split(',').map(str::parse).collect::<Result<_, _>>().ok()?;
        let installed: Option<Vec<u32>> = ["MAJOR", "MINOR", "SUBMINOR"]
            .iter()
            .map(|part| self.number(&format!("PETSC_PKG_{package}_VERSION_{part}")))
            .collect();
        let Some(installed) = installed else {
            return Some(false);
        };
        match relation {
            "EQ" => Some(installed == wanted),
            "LT" => Some(installed < wanted),
            "LE" => Some(installed <= wanted),
            "GT" => Some(installed > wanted),
            "GE" => Some(installed >= wanted),
            _ => None,
        }
    }
}

/// Converts `NAME = value` lines of a makefile into `#define NAME value`.
fn as_defines(makefile: &str) -> String {
    makefile
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| format!("#define {} {}\n", name.trim(), value.trim()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conf() -> Conf {
        let text = "#define PETSC_HAVE_MUMPS 1\n#define PETSC_USE_LOG 1\n#define PETSC_SIZEOF_VOID_P 8\n\
                    #define PETSC_PKG_MUMPS_VERSION_MAJOR 5\n#define PETSC_PKG_MUMPS_VERSION_MINOR 5\n\
                    #define PETSC_PKG_MUMPS_VERSION_SUBMINOR 1\n";
        Conf {
            defines: Defines::parse(text),
            variables: Defines::parse(&as_defines("PETSC_HAVE_FORTRAN = 1\nCC = mpicc -a=b\n")),
            precision: "double".into(),
            int_bits: 32,
        }
    }

    fn unmet(words: &str) -> Option<String> {
        let words: Vec<String> = words.split_whitespace().map(String::from).collect();
        conf().unmet(&words).map(String::from)
    }

    #[test]
    fn met_requirements_are_not_listed() {
        for words in [
            "",
            "mumps double !single !complex int32 !int64 64bitptr",
            "defined(PETSC_USE_LOG)",
            "!defined(PETSC_USE_64BIT_INDICES)",
            "fortran !cuda",
            "datafilespath !datafilespath",
            "mumps_version_ge(5,3,0) !PETSC_PKG_MUMPS_VERSION_LT(5,0,0)",
        ] {
            assert_eq!(unmet(words), None, "{words}");
        }
    }

    #[test]
    fn unmet_requirements_are_named() {
        for word in [
            "cuda",
            "!mumps",
            "complex",
            "single",
            "!double",
            "int64",
            "defined(PETSC_USE_GPU)",
            "!defined(PETSC_USE_LOG)",
            "!fortran",
            "MUMPS_VERSION_GT(5,5,1)",
            "X_VERSION_GE(1,0,0)",
        ] {
            assert_eq!(unmet(&format!("double {word}")).as_deref(), Some(word));
        }
    }
}
