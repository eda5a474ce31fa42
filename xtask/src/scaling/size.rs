//! Arguments that depend on the number of ranks: `{p}`, `{1000*p}`.

/// Returns whether an argument depends on the number of ranks.
pub(super) fn grows(argument: &str) -> bool {
    argument.contains("{p}") || argument.contains("*p}")
}

/// Returns the argument for a number of ranks.
///
/// # Errors
/// Braces with other contents.
pub(super) fn of(argument: &str, ranks: usize) -> Result<String, String> {
    let Some((before, rest)) = argument.split_once('{') else {
        return Ok(argument.to_owned());
    };
    let wrong =
        || format!("`{argument}`: braces must contain p or a number times p, as in {{1000*p}}");
    let (inner, after) = rest.split_once('}').ok_or_else(wrong)?;
    let factor = match inner.strip_suffix('p') {
        Some("") => 1,
        Some(number) => {
            let number = number.strip_suffix('*').ok_or_else(wrong)?;
            number.parse::<usize>().map_err(|_| wrong())?
        }
        None => return Err(wrong()),
    };
    let value = factor.checked_mul(ranks).ok_or_else(wrong)?;
    Ok(format!("{before}{value}{}", of(after, ranks)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_grow_with_the_ranks() {
        assert_eq!(of("--nx", 3).unwrap(), "--nx");
        assert_eq!(of("{p}", 3).unwrap(), "3");
        assert_eq!(of("-a={100*p},{p}", 4).unwrap(), "-a=400,4");
        for wrong in ["{", "{q}", "{2p}", "{x*p}"] {
            assert!(of(wrong, 2).unwrap_err().contains("braces"), "{wrong}");
        }
        assert!(grows("{5*p}") && grows("{p}") && !grows("p"));
    }
}
